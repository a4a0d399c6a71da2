-- Payment plans: what they cover, the versions of their instalments, what happened to them, and budgets ------

create table payment_plan (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  state text not null check (state in ('proposed','active','suspended','completed','broken','cancelled','refused')),
  version bigint not null,
  total_pence bigint not null,
  every text not null,
  remainder text not null,
  method text not null,
  mandate_reference text not null,
  asked_by text not null,
  agreed_with text not null,
  evidence text not null,
  words text not null,
  interest_charged boolean not null,
  interest_in_writing boolean not null,
  interest_legal boolean not null,
  late_interest text not null check (late_interest in ('','waived','charged')),
  token boolean not null,
  budget_id bigint,
  proposed_on date not null,
  granted_on date,
  granted_at timestamptz,
  granted_by text not null,
  approval text not null,
  tolerance_days bigint not null,
  cure_days bigint not null,
  break_days bigint not null,
  credited_pence bigint not null,
  review_on date not null,
  standing text not null check (standing in ('','kept','late','missed','for_manager','suspended','broken','completed')),
  due_pence bigint not null,
  paid_pence bigint not null,
  behind_pence bigint not null,
  behind_since date,
  next_on date,
  next_pence bigint not null,
  last_on date not null,
  checked_on date,
  reminded_part bigint not null,
  reminded_on date,
  claim_again boolean not null,
  ended_on date,
  end_reason text not null,
  recorded_at timestamptz not null,
  changes bigint not null,
  primary key (org_id, id)
);
create unique index payment_plan_number on payment_plan (org_id, number);
create index payment_plan_customer on payment_plan (org_id, customer_id, id);
create index payment_plan_running on payment_plan (org_id, id) where state in ('active','suspended');
create index payment_plan_state on payment_plan (org_id, state, id);

-- Everyone who owes what the plan covers: one, or several for a joint debt.
create table plan_party (
  org_id bigint not null,
  plan_id bigint not null,
  customer_id bigint not null,
  primary key (org_id, plan_id, customer_id)
);
create index plan_party_customer on plan_party (org_id, customer_id, plan_id);

create table plan_item (
  org_id bigint not null,
  plan_id bigint not null,
  item_id bigint not null,
  customer_id bigint not null,
  share_pence bigint not null check (share_pence > 0),
  version bigint not null,
  hold_id bigint,
  joined_at timestamptz not null,
  primary key (org_id, plan_id, item_id)
);
create index plan_item_item on plan_item (org_id, item_id, plan_id);

create table plan_version (
  org_id bigint not null,
  plan_id bigint not null,
  version bigint not null,
  what text not null,
  reason text not null,
  made_on date not null,
  total_pence bigint not null,
  actor_name text not null,
  letter text not null,
  superseded_on date,
  recorded_at timestamptz not null,
  primary key (org_id, plan_id, version)
);

create table plan_instalment (
  org_id bigint not null,
  plan_id bigint not null,
  version bigint not null,
  part bigint not null,
  due_on date not null,
  amount_pence bigint not null check (amount_pence > 0),
  primary key (org_id, plan_id, version, part)
);

create table plan_event (
  org_id bigint not null,
  id bigint not null,
  plan_id bigint not null,
  on_day date not null,
  what text not null,
  words text not null,
  amount_pence bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index plan_event_plan on plan_event (org_id, plan_id, id);

-- A month's income and spending, in the shape of the Standard Financial Statement.
create table plan_budget (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  made_on date not null,
  body jsonb not null,
  available_pence bigint not null,
  offer_pence bigint not null,
  floor_pence bigint not null,
  from_adviser boolean not null,
  words text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index plan_budget_customer on plan_budget (org_id, customer_id, id);

-- Which Direct Debit collection takes which instalment.
create table plan_collection (
  org_id bigint not null,
  plan_id bigint not null,
  due_on date not null,
  collection_id bigint not null,
  primary key (org_id, plan_id, due_on, collection_id)
);
create index plan_collection_collection on plan_collection (org_id, collection_id);
