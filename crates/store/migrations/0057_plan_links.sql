-- Links by which a customer sets a plan online: each spent once. The link itself is kept nowhere. ------------

create table plan_link (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  state text not null check (state in ('open','used','revoked','locked')),
  made_on date not null,
  ends_on date not null,
  made_by text not null,
  sent_to text not null,
  wrong_tries bigint not null,
  pass_hash text not null,
  pass_until timestamptz,
  confirmed_on date,
  plan_number text not null,
  ended_on date,
  ended_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index plan_link_number on plan_link (org_id, number);
create index plan_link_customer on plan_link (org_id, customer_id, id);

-- What was sent to a link of late, and from which address: the mark of it, never the address.
create table plan_link_try (
  org_id bigint not null,
  id bigint not null,
  link_id bigint not null,
  address text not null,
  minute bigint not null,
  primary key (org_id, id)
);
create index plan_link_try_link on plan_link_try (org_id, link_id, minute);
create index plan_link_try_address on plan_link_try (org_id, address, minute);
create index plan_link_try_minute on plan_link_try (org_id, minute);
