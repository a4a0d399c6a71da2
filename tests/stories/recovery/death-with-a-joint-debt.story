story A person dies with three debts, one of them joint (CUS-15, BS-06)
in a council

2026-06-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 10
customer alun "Mr Alun Holt" individual
invoice INV-1 for holt 100.00
invoice INV-2 for holt 200.00
invoice INV-3 for holt 300.00

# He signed for one. That he was her husband makes him owe nothing.
as credit controller
joint INV-3 alun joint "Both signed on 2 May 2024"
joint INV-1 alun relative "Her husband"
expect refusal BS-06-RELATIVE

2026-06-19 notice holt death "Tell Us Once" from 2026-06-18
as team leader
run day
expect refusal BS-06-DECEASED for INV-1
expect refusal BS-06-DECEASED for INV-2
expect letter bereavement-reminder for INV-3
expect no letter for INV-1

# Months later the estate is still not chased, and he is.
2026-12-02 run day
expect refusal BS-06-DECEASED for INV-1
expect step R2 for INV-3 on 2026-12-02
expect balance holt 600.00
expect balance alun 0.00
