ALTER TABLE "jobs" ADD COLUMN "paced_since" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "paced_from" integer;