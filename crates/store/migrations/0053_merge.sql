-- Two accounts of one customer made one. What points at the old account points at the one that stays from then on; entries never move.

create table customer_merge (
  org_id bigint not null,
  id bigint not null,
  approval text not null,
  customer_id bigint not null,
  into_id bigint not null,
  survivor_id bigint not null,
  evidence text not null,
  state text not null check (state in ('waiting','made','turned_down','undone')),
  asked_by_name text not null,
  asked_on date not null,
  decided_on date,
  undo_approval text,
  undo_reason text,
  undone_on date,
  recorded_at timestamptz not null,
  primary key (org_id, id),
  check (customer_id <> into_id and customer_id <> survivor_id)
);
create unique index customer_merge_once on customer_merge (org_id, customer_id) where state in ('waiting','made');
create index customer_merge_customer on customer_merge (org_id, customer_id);
create index customer_merge_into on customer_merge (org_id, survivor_id);
create index customer_merge_approval on customer_merge (org_id, approval);
create index customer_merge_undo on customer_merge (org_id, undo_approval) where undo_approval is not null;

-- Accounts that look the same are asked for before another is opened.
create index customer_postcode on customer (org_id, postcode) where postcode <> '';
create index mandate_print on mandate (org_id, print) where print <> '';

-- Every row that a merge pointed at the account that stays, by table and column, with the rest of its key: an undo puts these back.
create table customer_merge_row (
  org_id bigint not null,
  merge_id bigint not null,
  place text not null,
  row_key text not null,
  primary key (org_id, merge_id, place, row_key)
);

-- Which items moved when, and back again under an id of its own: a report as at an earlier day shows them where they stood.
create table customer_merge_item (
  org_id bigint not null,
  item_id bigint not null,
  merge_id bigint not null,
  from_customer_id bigint not null,
  moved_on date not null,
  primary key (org_id, item_id, merge_id)
);
create index customer_merge_item_on on customer_merge_item (org_id, moved_on);

-- An allocation and a document stay as they were posted, but for the account they are found under after a recorded merge, or its undoing.
-- sqlite only
drop trigger allocation_kept_u;
drop trigger document_kept_u;
create trigger allocation_kept_u before update of org_id, id, debit_item_id, credit_item_id, amount_pence, allocated_on, made_by, actor_id, reason, confidence_ppm, reverses_id, recorded_at on allocation begin select raise(abort, 'allocations are reversed, never changed'); end;
create trigger allocation_kept_c before update of customer_id on allocation when not exists (select 1 from customer_merge m where m.org_id = old.org_id and m.customer_id = old.customer_id and m.survivor_id = new.customer_id and m.state = 'made') and not exists (select 1 from customer_merge m join customer_merge_row r on r.org_id = m.org_id and r.merge_id = m.id and r.place = 'allocation.customer_id' and r.row_key = cast(old.id as text) where m.org_id = old.org_id and m.survivor_id = old.customer_id and m.customer_id = new.customer_id and m.state = 'made' and m.undo_approval is not null) begin select raise(abort, 'allocations are reversed, never changed'); end;
create trigger document_kept_u before update of org_id, id, kind, number, issue_on, supply_on, tax_point_on, due_on, po_number, service, debt_type, cost_centre, net_pence, vat_pence, gross_pence, corrects_id, reason, origin, actor_id, recorded_at on document begin select raise(abort, 'issued documents are never changed'); end;
create trigger document_kept_c before update of customer_id on document when not exists (select 1 from customer_merge m where m.org_id = old.org_id and m.customer_id = old.customer_id and m.survivor_id = new.customer_id and m.state = 'made') and not exists (select 1 from customer_merge m join customer_merge_row r on r.org_id = m.org_id and r.merge_id = m.id and r.place = 'document.customer_id' and r.row_key = cast(old.id as text) where m.org_id = old.org_id and m.survivor_id = old.customer_id and m.customer_id = new.customer_id and m.state = 'made' and m.undo_approval is not null) begin select raise(abort, 'issued documents are never changed'); end;
-- postgres only
create or replace function sundry_merged() returns trigger language plpgsql as 'begin if exists (select 1 from customer_merge m where m.org_id = old.org_id and m.customer_id = old.customer_id and m.survivor_id = new.customer_id and m.state = ''made'') then return new; end if; if exists (select 1 from customer_merge m join customer_merge_row r on r.org_id = m.org_id and r.merge_id = m.id and r.place = tg_table_name || ''.customer_id'' and r.row_key = cast(old.id as text) where m.org_id = old.org_id and m.survivor_id = old.customer_id and m.customer_id = new.customer_id and m.state = ''made'' and m.undo_approval is not null) then return new; end if; raise exception ''% is never changed'', tg_table_name using errcode = ''42501''; end';
drop trigger allocation_kept on allocation;
drop trigger document_kept on document;
create trigger allocation_kept before delete or truncate or update of org_id, id, debit_item_id, credit_item_id, amount_pence, allocated_on, made_by, actor_id, reason, confidence_ppm, reverses_id, recorded_at on allocation for each statement execute function sundry_kept();
create trigger allocation_kept_c before update of customer_id on allocation for each row execute function sundry_merged();
create trigger document_kept before delete or truncate or update of org_id, id, kind, number, issue_on, supply_on, tax_point_on, due_on, po_number, service, debt_type, cost_centre, net_pence, vat_pence, gross_pence, corrects_id, reason, origin, actor_id, recorded_at on document for each statement execute function sundry_kept();
create trigger document_kept_c before update of customer_id on document for each row execute function sundry_merged();
-- both
