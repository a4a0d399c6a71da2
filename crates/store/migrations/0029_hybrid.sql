-- Whether a customer takes the data of an invoice inside its PDF. No rows change.

-- sqlite only
alter table receiver_rule add column hybrid integer not null default 0 check (hybrid in (0, 1));
-- postgres only
alter table receiver_rule add column hybrid boolean not null default false;
-- both
