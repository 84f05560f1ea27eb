"""Background work: one table is the queue, a worker is a process of ours, and what a job does happens once.

A worker takes a job on lease and renews the lease as it goes. A worker that is killed renews nothing, so another takes the
job up again; whoever lost the lease can no longer write. What a job changes it changes in :meth:`Running.effects` (with the
end of the job in the same transaction) or piece by piece in :meth:`Running.once` (with a mark of the piece): either way a job
that is taken up again finds what was done, and does it no second time.
"""
