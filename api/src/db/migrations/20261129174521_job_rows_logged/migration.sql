ALTER TABLE "jobs" ADD COLUMN "logged" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "jobs" SET "logged" = "skipped" + "failed" + COALESCE(("counts"->>'withoutOwner')::integer, 0);
