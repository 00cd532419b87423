CREATE TABLE "activations" (
	"id" uuid PRIMARY KEY,
	"token_id" uuid NOT NULL,
	"distribution_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"state" text NOT NULL,
	"code_attempt" integer NOT NULL,
	"code_lookup" bytea NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"session_started_at" timestamp(3) with time zone,
	"runs" integer DEFAULT 0 NOT NULL,
	"failed_passes" integer DEFAULT 0 NOT NULL,
	"refusals" integer DEFAULT 0 NOT NULL,
	"device" text,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "attempt_counters" (
	"key" text PRIMARY KEY,
	"failures" integer NOT NULL,
	"window_started_at" timestamp(3) with time zone NOT NULL,
	"last_failure_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp(3) with time zone NOT NULL,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text,
	"target_user_id" uuid,
	"target_user_name" text,
	"token_id" uuid,
	"serial_number" text,
	"request_id" text,
	"address" text,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ct_kip_server_keys" (
	"id" uuid PRIMARY KEY,
	"dialect" text NOT NULL,
	"scheme" text NOT NULL,
	"bits" integer NOT NULL,
	"modulus" bytea NOT NULL,
	"sealed_private_key" bytea NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ct_kip_sessions" (
	"id" text PRIMARY KEY,
	"activation_id" uuid NOT NULL,
	"dialect" text NOT NULL,
	"server_key_id" uuid NOT NULL,
	"server_nonce" bytea NOT NULL,
	"device_class" text,
	"device_id" text,
	"device_name" text,
	"started_at" timestamp(3) with time zone NOT NULL,
	"finished_at" timestamp(3) with time zone,
	"finish_request_hash" bytea,
	"finish_reply" bytea
);
--> statement-breakpoint
CREATE TABLE "device_definitions" (
	"id" uuid PRIMARY KEY,
	"device_type" text NOT NULL,
	"device_type_key" text NOT NULL,
	"device_class" text NOT NULL,
	"delivery_methods" text[] NOT NULL,
	"algorithms" text[] NOT NULL,
	"tokencode_lengths" integer[] NOT NULL,
	"tokencode_intervals" integer[] NOT NULL,
	"pin_styles" text[] NOT NULL,
	"link_templates" jsonb NOT NULL,
	"code_format" text NOT NULL,
	"tells_device_id" boolean NOT NULL,
	"server_key_bits" integer NOT NULL,
	"app_download_url" text,
	"shipped" boolean NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "distributions" (
	"id" uuid PRIMARY KEY,
	"token_id" uuid NOT NULL,
	"profile_id" uuid NOT NULL,
	"delivery_method" text NOT NULL,
	"state" text NOT NULL,
	"device_binding" text NOT NULL,
	"bound_device_id" text,
	"code_kind" text,
	"idempotency_key" text,
	"created_by" uuid,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "master_key_canary" (
	"id" text PRIMARY KEY,
	"sealed" bytea NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passcode_failures" (
	"caller" text,
	"token_id" uuid,
	"failures" integer NOT NULL,
	"last_failure_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "passcode_failures_pkey" PRIMARY KEY("caller","token_id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY,
	"user_id" uuid NOT NULL,
	"token_hash" bytea NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"last_seen_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"address" text NOT NULL,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "token_profiles" (
	"id" uuid PRIMARY KEY,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"device_definition_id" uuid NOT NULL,
	"delivery_method" text NOT NULL,
	"algorithm" text NOT NULL,
	"tokencode_length" integer NOT NULL,
	"tokencode_interval" integer NOT NULL,
	"pin_style" text NOT NULL,
	"seed_confirmation" text NOT NULL,
	"activation_code_minutes" integer,
	"accept_silent_devices" boolean NOT NULL,
	"retired_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "token_seeds" (
	"id" uuid PRIMARY KEY,
	"token_id" uuid NOT NULL,
	"state" text NOT NULL,
	"sealed_seed" bytea NOT NULL,
	"tokencode_length" integer NOT NULL,
	"tokencode_interval" integer NOT NULL,
	"pin_style" text NOT NULL,
	"confirmation" text NOT NULL,
	"drift" integer DEFAULT 0 NOT NULL,
	"last_step" bigint,
	"activation_id" uuid,
	"distribution_id" uuid,
	"device" text,
	"device_id" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"confirmed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" uuid PRIMARY KEY,
	"serial_number" text NOT NULL,
	"serial_key" text NOT NULL,
	"algorithm" text NOT NULL,
	"enabled" boolean NOT NULL,
	"expires_on" date,
	"owner_id" uuid,
	"profile_id" uuid,
	"nickname" text,
	"device_binding" text,
	"bound_device_id" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"assigned_at" timestamp(3) with time zone,
	"distributed_at" timestamp(3) with time zone,
	"last_used_at" timestamp(3) with time zone,
	"lost_at" timestamp(3) with time zone,
	"replaced_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "user_roles" (
	"user_id" uuid,
	"role" text,
	CONSTRAINT "user_roles_pkey" PRIMARY KEY("user_id","role")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY,
	"user_name" text NOT NULL,
	"user_name_key" text NOT NULL,
	"given_name" text NOT NULL,
	"family_name" text NOT NULL,
	"email" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"password_hash" text NOT NULL,
	"must_change_password" boolean NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"last_sign_in_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "activations_live_code" ON "activations" ("code_lookup") WHERE state IN ('OPEN','CONTACTED');--> statement-breakpoint
CREATE UNIQUE INDEX "activations_one_open" ON "activations" ("token_id") WHERE state IN ('OPEN','CONTACTED');--> statement-breakpoint
CREATE INDEX "activations_code" ON "activations" ("code_lookup");--> statement-breakpoint
CREATE INDEX "activations_token" ON "activations" ("token_id","created_at");--> statement-breakpoint
CREATE INDEX "activations_distribution" ON "activations" ("distribution_id");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" ("action","id");--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_target_user" ON "audit_events" ("target_user_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_token" ON "audit_events" ("token_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_serial" ON "audit_events" ("serial_number","id");--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "ct_kip_server_keys_use" ON "ct_kip_server_keys" ("dialect","scheme","bits");--> statement-breakpoint
CREATE INDEX "ct_kip_sessions_activation" ON "ct_kip_sessions" ("activation_id");--> statement-breakpoint
CREATE INDEX "ct_kip_sessions_started" ON "ct_kip_sessions" ("started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "device_definitions_device_type_key" ON "device_definitions" ("device_type_key");--> statement-breakpoint
CREATE INDEX "distributions_token" ON "distributions" ("token_id","created_at");--> statement-breakpoint
CREATE INDEX "distributions_profile" ON "distributions" ("profile_id");--> statement-breakpoint
CREATE UNIQUE INDEX "distributions_one_pending" ON "distributions" ("token_id") WHERE state = 'PENDING';--> statement-breakpoint
CREATE UNIQUE INDEX "distributions_idempotency" ON "distributions" ("created_by","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_hash" ON "sessions" ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "token_profiles_name_key" ON "token_profiles" ("name_key");--> statement-breakpoint
CREATE INDEX "token_profiles_device_definition" ON "token_profiles" ("device_definition_id");--> statement-breakpoint
CREATE UNIQUE INDEX "token_seeds_token_state" ON "token_seeds" ("token_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_serial_key" ON "tokens" ("serial_key");--> statement-breakpoint
CREATE INDEX "tokens_owner" ON "tokens" ("owner_id");--> statement-breakpoint
CREATE INDEX "tokens_profile" ON "tokens" ("profile_id");--> statement-breakpoint
CREATE INDEX "tokens_expires_on" ON "tokens" ("expires_on");--> statement-breakpoint
CREATE INDEX "tokens_unassigned" ON "tokens" ("serial_key") WHERE owner_id IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "users_user_name_key" ON "users" ("user_name_key");--> statement-breakpoint
ALTER TABLE "activations" ADD CONSTRAINT "activations_token_id_tokens_id_fkey" FOREIGN KEY ("token_id") REFERENCES "tokens"("id");--> statement-breakpoint
ALTER TABLE "activations" ADD CONSTRAINT "activations_distribution_id_distributions_id_fkey" FOREIGN KEY ("distribution_id") REFERENCES "distributions"("id");--> statement-breakpoint
ALTER TABLE "activations" ADD CONSTRAINT "activations_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "ct_kip_sessions" ADD CONSTRAINT "ct_kip_sessions_activation_id_activations_id_fkey" FOREIGN KEY ("activation_id") REFERENCES "activations"("id");--> statement-breakpoint
ALTER TABLE "ct_kip_sessions" ADD CONSTRAINT "ct_kip_sessions_server_key_id_ct_kip_server_keys_id_fkey" FOREIGN KEY ("server_key_id") REFERENCES "ct_kip_server_keys"("id");--> statement-breakpoint
ALTER TABLE "distributions" ADD CONSTRAINT "distributions_token_id_tokens_id_fkey" FOREIGN KEY ("token_id") REFERENCES "tokens"("id");--> statement-breakpoint
ALTER TABLE "distributions" ADD CONSTRAINT "distributions_profile_id_token_profiles_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "token_profiles"("id");--> statement-breakpoint
ALTER TABLE "distributions" ADD CONSTRAINT "distributions_created_by_users_id_fkey" FOREIGN KEY ("created_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "passcode_failures" ADD CONSTRAINT "passcode_failures_token_id_tokens_id_fkey" FOREIGN KEY ("token_id") REFERENCES "tokens"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "token_profiles" ADD CONSTRAINT "token_profiles_device_definition_id_device_definitions_id_fkey" FOREIGN KEY ("device_definition_id") REFERENCES "device_definitions"("id");--> statement-breakpoint
ALTER TABLE "token_seeds" ADD CONSTRAINT "token_seeds_token_id_tokens_id_fkey" FOREIGN KEY ("token_id") REFERENCES "tokens"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_owner_id_users_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_profile_id_token_profiles_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "token_profiles"("id");--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;