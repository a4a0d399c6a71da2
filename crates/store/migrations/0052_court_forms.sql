-- The protocol's own forms as a site supplies them (REC-02), by language and size, old versions kept; and which of them go with which letter of claim. Letters written before name their forms and have them put in by hand.

create table court_form (
  org_id bigint not null,
  id bigint not null,
  form text not null,
  language text not null,
  large boolean not null,
  from_on date not null,
  name text not null,
  pages bigint not null,
  size_bytes bigint not null,
  file_sha256 text not null,
  source text not null,
  added_by_name text not null,
  added_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);

create table letter_form (
  org_id bigint not null,
  letter_id bigint not null,
  place bigint not null,
  form_id bigint not null,
  primary key (org_id, letter_id, place)
);
