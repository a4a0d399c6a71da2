-- Pathways on their way from a draft to a version in force, what trying them on the book found, who chose another, and trials. No rows change.

create table pathway_draft (
  org_id bigint not null,
  id bigint not null,
  code text not null,
  version bigint not null,
  state text not null check (state in ('draft','asked','approved','withdrawn')),
  body jsonb not null,
  content_hash text not null,
  live_from date,
  approval text not null,
  turned_down text not null,
  drafted_by_name text not null,
  changed_on date not null,
  recorded_at timestamptz not null,
  changes bigint not null,
  primary key (org_id, id)
);
create unique index pathway_draft_open on pathway_draft (org_id, code) where state in ('draft','asked');
create unique index pathway_draft_approved on pathway_draft (org_id, code, version) where state = 'approved';

-- A year of a draft beside the version in force: on the live book, or over invoices and payments as they were.
create table pathway_simulation (
  org_id bigint not null,
  id bigint not null,
  code text not null,
  version bigint not null,
  content_hash text not null,
  kind text not null check (kind in ('live','replay')),
  from_on date not null,
  until_on date not null,
  result jsonb not null,
  skips bigint not null,
  changes bigint not null,
  asked_by_name text not null,
  made_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index pathway_simulation_of on pathway_simulation (org_id, code, content_hash, kind, id);

-- Somebody put a debt, or a whole account, on another pathway than its own. item_id 0 is the account.
create table pathway_choice (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  item_id bigint not null,
  code text not null,
  reason text not null,
  chosen_by text not null,
  chosen_on date not null,
  ended_on date,
  ended_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index pathway_choice_one on pathway_choice (org_id, customer_id, item_id) where ended_on is null;

-- Two pathways compared on a random split of the customers whose debts begin on one of them.
create table pathway_trial (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  champion text not null,
  challenger text not null,
  share_percent bigint not null check (share_percent between 1 and 99),
  from_on date not null,
  until_on date not null,
  ended_on date,
  reason text not null,
  asked_by_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index pathway_trial_number on pathway_trial (org_id, number);
create unique index pathway_trial_runs on pathway_trial (org_id, champion) where ended_on is null;
