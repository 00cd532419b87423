CREATE TABLE "activation_tickets" (
	"id" uuid PRIMARY KEY,
	"activation_id" uuid NOT NULL,
	"lookup" bytea NOT NULL,
	"failed_tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"spent_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "mail_templates" (
	"id" uuid PRIMARY KEY,
	"event" text NOT NULL,
	"profile_id" uuid,
	"subject" text NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" uuid PRIMARY KEY,
	"event" text NOT NULL,
	"state" text NOT NULL,
	"user_id" uuid,
	"address" text NOT NULL,
	"profile_id" uuid,
	"values" jsonb NOT NULL,
	"ticket_id" uuid,
	"activation_id" uuid,
	"once_key" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"sent_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "profile_offers" (
	"profile_id" uuid PRIMARY KEY,
	"position" integer NOT NULL,
	"display_name" text NOT NULL,
	"description" text NOT NULL,
	"picture" text,
	"help_url" text,
	"app_url" text,
	"may_choose_device" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "request_decisions" (
	"id" uuid PRIMARY KEY,
	"request_id" uuid NOT NULL,
	"step" integer NOT NULL,
	"verb" text NOT NULL,
	"by_id" uuid NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"comment" text,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "token_requests" (
	"id" uuid PRIMARY KEY,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"requester_id" uuid NOT NULL,
	"profile_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"replacement_reason" text,
	"replaces_token_id" uuid,
	"nickname" text,
	"device_binding" text NOT NULL,
	"device_id" text,
	"approval_steps" integer NOT NULL,
	"distribution_step" boolean NOT NULL,
	"approvals_given" integer DEFAULT 0 NOT NULL,
	"token_id" uuid,
	"distribution_id" uuid,
	"failure" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "activations" ADD COLUMN "sent_to" text;--> statement-breakpoint
ALTER TABLE "device_definitions" ADD COLUMN "platform" text DEFAULT 'OTHER' NOT NULL;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "replaces_token_id" uuid;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "mail_certificate" text;--> statement-breakpoint
CREATE UNIQUE INDEX "activation_tickets_lookup" ON "activation_tickets" ("lookup");--> statement-breakpoint
CREATE INDEX "activation_tickets_activation" ON "activation_tickets" ("activation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_templates_general" ON "mail_templates" ("event") WHERE profile_id IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "mail_templates_profile" ON "mail_templates" ("event","profile_id");--> statement-breakpoint
CREATE INDEX "mails_state" ON "mails" ("state","id");--> statement-breakpoint
CREATE INDEX "mails_address" ON "mails" ("address","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mails_once" ON "mails" ("once_key") WHERE once_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX "request_decisions_request" ON "request_decisions" ("request_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "request_decisions_once_a_step" ON "request_decisions" ("request_id","step") WHERE verb <> 'DEFER';--> statement-breakpoint
CREATE UNIQUE INDEX "request_decisions_different_people" ON "request_decisions" ("request_id","by_id") WHERE verb = 'APPROVE';--> statement-breakpoint
CREATE INDEX "token_requests_status" ON "token_requests" ("status","id");--> statement-breakpoint
CREATE INDEX "token_requests_requester" ON "token_requests" ("requester_id","id");--> statement-breakpoint
CREATE INDEX "token_requests_profile" ON "token_requests" ("profile_id");--> statement-breakpoint
CREATE INDEX "token_requests_token" ON "token_requests" ("token_id");--> statement-breakpoint
CREATE INDEX "token_requests_distribution" ON "token_requests" ("distribution_id");--> statement-breakpoint
CREATE INDEX "token_requests_replaces" ON "token_requests" ("replaces_token_id");--> statement-breakpoint
CREATE UNIQUE INDEX "token_requests_one_open" ON "token_requests" ("requester_id","kind") WHERE status IN ('PENDING','DEFERRED','WAITING_FOR_TOKEN') OR (status = 'APPROVED' AND token_id IS NULL);--> statement-breakpoint
CREATE INDEX "tokens_replaces" ON "tokens" ("replaces_token_id");--> statement-breakpoint
CREATE INDEX "tokens_free" ON "tokens" ("algorithm","expires_on","id") WHERE owner_id IS NULL AND enabled AND lost_at IS NULL AND replaced_at IS NULL;--> statement-breakpoint
ALTER TABLE "activation_tickets" ADD CONSTRAINT "activation_tickets_activation_id_activations_id_fkey" FOREIGN KEY ("activation_id") REFERENCES "activations"("id");--> statement-breakpoint
ALTER TABLE "mail_templates" ADD CONSTRAINT "mail_templates_profile_id_token_profiles_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "token_profiles"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_profile_id_token_profiles_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "token_profiles"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_ticket_id_activation_tickets_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "activation_tickets"("id");--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_activation_id_activations_id_fkey" FOREIGN KEY ("activation_id") REFERENCES "activations"("id");--> statement-breakpoint
ALTER TABLE "profile_offers" ADD CONSTRAINT "profile_offers_profile_id_token_profiles_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "token_profiles"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "request_decisions" ADD CONSTRAINT "request_decisions_request_id_token_requests_id_fkey" FOREIGN KEY ("request_id") REFERENCES "token_requests"("id");--> statement-breakpoint
ALTER TABLE "request_decisions" ADD CONSTRAINT "request_decisions_by_id_users_id_fkey" FOREIGN KEY ("by_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "token_requests" ADD CONSTRAINT "token_requests_requester_id_users_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "token_requests" ADD CONSTRAINT "token_requests_profile_id_token_profiles_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "token_profiles"("id");--> statement-breakpoint
ALTER TABLE "token_requests" ADD CONSTRAINT "token_requests_replaces_token_id_tokens_id_fkey" FOREIGN KEY ("replaces_token_id") REFERENCES "tokens"("id");--> statement-breakpoint
ALTER TABLE "token_requests" ADD CONSTRAINT "token_requests_token_id_tokens_id_fkey" FOREIGN KEY ("token_id") REFERENCES "tokens"("id");--> statement-breakpoint
ALTER TABLE "token_requests" ADD CONSTRAINT "token_requests_distribution_id_distributions_id_fkey" FOREIGN KEY ("distribution_id") REFERENCES "distributions"("id");--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_replaces_token_id_tokens_id_fkey" FOREIGN KEY ("replaces_token_id") REFERENCES "tokens"("id");
