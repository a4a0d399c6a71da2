-- Why a charge for paying late was waived, from the list of reasons; empty where it was posted or corrected.
alter table late_charge add column reason text not null default '';
