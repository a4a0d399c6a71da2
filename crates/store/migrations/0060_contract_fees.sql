-- Who said yes to a random split between two pathways; empty for those from before it took a yes.
alter table pathway_trial add column approved_by_name text not null default '';
