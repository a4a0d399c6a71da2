-- Letters as an administrator edits them: a draft on its way to being approved. What was approved stands in letter_template. No rows change.

create table template_draft (
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
create unique index template_draft_open on template_draft (org_id, code) where state in ('draft','asked');
create unique index template_draft_approved on template_draft (org_id, code, version) where state = 'approved';
