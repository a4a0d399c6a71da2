-- A choice of a pathway may say until when it holds. Choices that stand keep no last day.

-- sqlite only
alter table pathway_choice add column until_on text check (until_on is date(until_on));
-- postgres only
alter table pathway_choice add column until_on date;
-- both
