-- What fell due within days is found by its day, not by reading everything that is open.
create index open_item_due on open_item (org_id, due_on, customer_id, open_pence) where open_pence > 0;
