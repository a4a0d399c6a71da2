story Nothing is posted in a closed period, and the GL gets each journal once
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual
invoice INV-1 for holt 120.00

2026-06-01 as team leader
gl batch
gl batch
expect refusal GL-03-NOTHING-TO-SEND

as approver
close period 2026/27 P3
expect refusal GL-04-NOT-ENDED
close period 2026/27 P2
