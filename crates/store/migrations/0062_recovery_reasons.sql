-- Why an agency is told to wait, as a sentence beside its code; of those who wait already, what the agency was told.

alter table placement add column held_words text not null default '';
update placement set held_words = coalesce((select n.words from placement_notice n where n.org_id = placement.org_id and n.placement_id = placement.id and n.kind = 'hold' order by n.id desc limit 1), '') where held_code <> '';

-- The letter that tells a provider what was kept of a payment; empty where none was written.
alter table overpayment_deduction add column letter text not null default '';

-- A term of a contract counts when somebody else has said yes to it; those from before nobody was asked about count as they did.
alter table contract_fee add column approval text not null default '';
alter table contract_fee add column confirmed_by text not null default '';
-- sqlite only
alter table contract_fee add column confirmed_on text check (confirmed_on is date(confirmed_on));
-- postgres only
alter table contract_fee add column confirmed_on date;
-- both
