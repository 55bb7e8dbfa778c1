-- What was said is kept for a while after it reached the log, so that the log can be held against it and mended from
-- it. `cursor.published` parts the two: rows up to there are in the log, `outbox` shows those that still wait.
-- `cursor.passed` is how far nothing of the partition is left to fold, where that is behind its last message.
alter table outbox rename to outbox_log;
alter index outbox_pkey rename to outbox_log_pkey;
alter table cursor add column passed bigint not null default 0, add column published bigint not null default 0;

create view outbox as
select s.partition, s.position, s.stream, s.subject, s.identity, s.body, s.committed_at
from outbox_log s join cursor c on c.partition = s.partition
where s.position > c.published;
