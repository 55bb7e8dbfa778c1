-- Of whom nothing that is told late may be written down: no name, a keyed hash.

alter table community add column forgotten_until timestamptz;

create table tombstone (
    community text collate "C" not null,
    person text collate "C" not null,
    erased_at timestamptz not null,
    until timestamptz not null,
    primary key (community, person)
);
