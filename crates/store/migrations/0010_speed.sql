-- Steps that wait for a person: few among very many, asked for on every look at the worklist.
create index step_taken_person on step_taken (org_id, customer_id) where letter_id is null;
