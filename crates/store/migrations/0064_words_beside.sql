-- What the trail and what leaves go without, kept beside what it is about. Why something was done, in words, where no other
-- record has it: by its place in the chain; events from before have it in the trail, where it is read as before. What was
-- known of a customer before a change, and after: it stays with the account it was changed on, whatever is merged.

create table event_word (
  org_id bigint not null,
  seq bigint not null,
  subject text not null,
  why text not null,
  recorded_at timestamptz not null,
  primary key (org_id, seq)
);
create index event_word_subject on event_word (org_id, subject, seq);

create table customer_change (
  org_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  field text not null,
  was text not null,
  now_is text not null,
  changed_on date not null,
  actor_id bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index customer_change_account on customer_change (org_id, account_id, id);
