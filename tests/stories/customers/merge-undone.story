story A merge that was wrong is undone: each account has its debts again (CUS-06)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer twin "Mary Holt" individual terms 14
invoice INV-1 for twin 200.00
invoice INV-2 for holt 50.00

2026-04-20 as billing officer
unmerge APP-1 twin "Never merged"
expect refusal CUS-06-NOT-MERGED
merge APP-1 twin into holt "The same name"
as team leader
approve APP-1
expect balance holt 250.00

# Part of her debt is paid, and another is raised, while they are one.
2026-05-01 as cashier
cheque RCT-1 from holt 80.00 for INV-1
as billing officer
invoice INV-3 for holt 30.00

2026-05-05 as billing officer
unmerge APP-2 twin "Father and daughter: she wrote with his date of birth"
as team leader
approve APP-2
expect balance twin 120.00
expect balance holt 80.00
expect open INV-1 120.00
