CREATE TABLE "address_checks" (
	"url" text PRIMARY KEY,
	"findings" jsonb NOT NULL,
	"checked_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY,
	"owner_id" uuid NOT NULL,
	"name" text NOT NULL,
	"permissions" text[] NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" bytea NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"last_used_at" timestamp(3) with time zone,
	"last_used_address" text,
	"revoked_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "wrong_passcodes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "wrong_passcodes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"token_id" uuid NOT NULL,
	"at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "api_key_id" uuid;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "api_key_name" text;--> statement-breakpoint
ALTER TABLE "ct_kip_sessions" ADD COLUMN "key_type" text;--> statement-breakpoint
ALTER TABLE "ct_kip_sessions" ADD COLUMN "encryption_algorithm" text;--> statement-breakpoint
ALTER TABLE "ct_kip_sessions" ADD COLUMN "mac_algorithm" text;--> statement-breakpoint
ALTER TABLE "device_definitions" ADD COLUMN "dialect" text DEFAULT 'RSA' NOT NULL;--> statement-breakpoint
ALTER TABLE "device_definitions" ADD COLUMN "allows_rsa_1_5" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "device_definitions" ADD COLUMN "hash_algorithms" text[] DEFAULT '{SHA1}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "token_profiles" ADD COLUMN "hash_algorithm" text;--> statement-breakpoint
ALTER TABLE "token_seeds" ADD COLUMN "hash_algorithm" text;--> statement-breakpoint
ALTER TABLE "token_seeds" ADD COLUMN "awaited_after_steps" bigint[];--> statement-breakpoint
ALTER TABLE "token_seeds" ADD COLUMN "awaited_until" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "locked_at" timestamp(3) with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_key_hash" ON "api_keys" ("key_hash");--> statement-breakpoint
CREATE INDEX "api_keys_owner" ON "api_keys" ("owner_id");--> statement-breakpoint
CREATE INDEX "wrong_passcodes_token" ON "wrong_passcodes" ("token_id","at");--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "wrong_passcodes" ADD CONSTRAINT "wrong_passcodes_token_id_tokens_id_fkey" FOREIGN KEY ("token_id") REFERENCES "tokens"("id") ON DELETE CASCADE;