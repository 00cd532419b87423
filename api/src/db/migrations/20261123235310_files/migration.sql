CREATE TABLE "file_chunks" (
	"file_id" uuid,
	"position" integer,
	"sealed" bytea NOT NULL,
	CONSTRAINT "file_chunks_pkey" PRIMARY KEY("file_id","position")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" uuid PRIMARY KEY,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"ticket_hash" bytea
);
--> statement-breakpoint
CREATE TABLE "job_rows" (
	"job_id" uuid,
	"position" integer,
	"line" integer,
	"serial_number" text,
	"outcome" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	CONSTRAINT "job_rows_pkey" PRIMARY KEY("job_id","position")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"total" integer,
	"done" integer NOT NULL,
	"skipped" integer NOT NULL,
	"failed" integer NOT NULL,
	"message" text,
	"input" jsonb NOT NULL,
	"sealed_secret" bytea,
	"file_id" uuid,
	"output_file_id" uuid,
	"position" integer NOT NULL,
	"counts" jsonb NOT NULL,
	"created_by" uuid,
	"request_id" text NOT NULL,
	"address" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	"cancel_requested_at" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "distributions" ADD COLUMN "file_password_rule" text;--> statement-breakpoint
ALTER TABLE "distributions" ADD COLUMN "copy_protected" boolean;--> statement-breakpoint
ALTER TABLE "distributions" ADD COLUMN "file_id" uuid;--> statement-breakpoint
ALTER TABLE "token_seeds" ADD COLUMN "imported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "managed_elsewhere" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "on_device" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "imported_length" integer;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "imported_interval" integer;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "imported_pin_style" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "imported_hash_algorithm" text;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "imported_seed_hash" bytea;--> statement-breakpoint
DROP INDEX "tokens_free";--> statement-breakpoint
CREATE INDEX "tokens_free" ON "tokens" ("algorithm","expires_on","id") WHERE owner_id IS NULL AND enabled AND lost_at IS NULL AND replaced_at IS NULL AND NOT managed_elsewhere AND NOT on_device;--> statement-breakpoint
CREATE INDEX "files_expires" ON "files" ("expires_at") WHERE state <> 'GONE';--> statement-breakpoint
CREATE INDEX "files_open" ON "files" ("created_by") WHERE state IN ('WRITING', 'READY');--> statement-breakpoint
CREATE INDEX "files_ticket" ON "files" ("ticket_hash");--> statement-breakpoint
CREATE INDEX "jobs_unfinished" ON "jobs" ("state") WHERE state IN ('QUEUED', 'RUNNING');--> statement-breakpoint
ALTER TABLE "distributions" ADD CONSTRAINT "distributions_file_id_files_id_fkey" FOREIGN KEY ("file_id") REFERENCES "files"("id");--> statement-breakpoint
ALTER TABLE "file_chunks" ADD CONSTRAINT "file_chunks_file_id_files_id_fkey" FOREIGN KEY ("file_id") REFERENCES "files"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_created_by_users_id_fkey" FOREIGN KEY ("created_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "job_rows" ADD CONSTRAINT "job_rows_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_file_id_files_id_fkey" FOREIGN KEY ("file_id") REFERENCES "files"("id");--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_output_file_id_files_id_fkey" FOREIGN KEY ("output_file_id") REFERENCES "files"("id");--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_created_by_users_id_fkey" FOREIGN KEY ("created_by") REFERENCES "users"("id");