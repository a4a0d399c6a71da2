-- A choice of a pathway may say until when it holds. Choices that stand keep no last day.

alter table pathway_choice add column until_on date;
