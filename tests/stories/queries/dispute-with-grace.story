story REC-E6: a dispute stops its ladder, which goes on at the same stage after fourteen days
in a council

2026-09-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 30
invoice INV-1 for holt 250.00

as team leader
2026-10-08 run day
expect letter reminder-1 for INV-1

2026-10-20 as credit controller
query QRY-1 on INV-1 service "The carer did not come"
expect query QRY-1 open

as team leader
2026-10-22 run day
expect refusal REC-04-HOLD-DISPUTE for INV-1
expect no reminder_2 for INV-1

2026-11-10 as service manager
answer QRY-1 "The visits are on the rota and were made"
as credit controller
resolve QRY-1 explained "Sent the rota"
expect query QRY-1 resolved

as team leader
2026-11-23 run day
expect no reminder_2 for INV-1
2026-11-24 run day
expect step R2 for INV-1 on 2026-11-24
