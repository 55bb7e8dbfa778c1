create table tally (
    community text collate "C" not null,
    member text collate "C" not null,
    thread text collate "C" not null,
    posts bigint not null,
    last_at timestamptz not null,
    primary key (community, member)
);
create index tally_thread on tally (community, thread, member);
