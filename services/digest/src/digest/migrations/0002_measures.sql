create table measured_period (
    community text collate "C" not null,
    period text collate "C" not null,
    parent text collate "C" not null,
    marks jsonb not null,
    primary key (community, period)
);
create index measured_period_parent on measured_period (community, parent);

create table measured_part (
    community text collate "C" not null,
    member text collate "C" not null,
    arrived date,
    told boolean not null,
    invited boolean not null,
    first_act date,
    last_act date,
    days bigint not null,
    reached jsonb not null,
    posts jsonb not null,
    recent boolean not null,
    stratum text collate "C",
    relay boolean not null,
    here boolean not null,
    primary key (community, member)
);
create index measured_part_recent on measured_part (community, member) where recent;

create table measured_talk (
    community text collate "C" not null,
    thread text collate "C" not null,
    post text collate "C",
    author text collate "C",
    at timestamptz,
    opened_by text collate "C",
    own boolean not null,
    asks boolean not null,
    gone boolean not null,
    month text collate "C",
    office_target timestamptz,
    wall_target timestamptz,
    response_at timestamptz,
    answer_at timestamptz,
    responder text collate "C",
    staff_at timestamptz,
    early jsonb not null,
    short jsonb,
    solved boolean not null,
    word_due text collate "C",
    last date not null,
    look text collate "C" not null,
    primary key (community, thread)
);
create index measured_talk_month on measured_talk (community, month) where month is not null;
create index measured_talk_word_due on measured_talk (community, word_due) where word_due is not null;
create index measured_talk_look on measured_talk (community, look);
create index measured_talk_author on measured_talk (community, author);
create index measured_talk_early on measured_talk using gin (early jsonb_path_ops) where early <> '[]';

create table measured_cohort (
    community text collate "C" not null,
    week text collate "C" not null,
    size bigint not null,
    active jsonb not null,
    primary key (community, week)
);

create table measured_wish (
    community text collate "C" not null,
    member text collate "C" not null,
    need text collate "C" not null,
    declared date not null,
    by text collate "C" not null,
    ask text collate "C",
    asked bigint not null,
    answer text collate "C",
    primary key (community, member, need)
);
create index measured_wish_ask on measured_wish (community, ask) where ask is not null;

create table measured_need (
    community text collate "C" not null,
    need text collate "C" not null,
    declared bigint not null,
    yes bigint not null,
    partly bigint not null,
    no bigint not null,
    primary key (community, need)
);

create table measured_remark (
    community text collate "C" not null,
    feedback text collate "C" not null,
    at timestamptz not null,
    due text collate "C",
    word_at timestamptz,
    outcome text collate "C",
    primary key (community, feedback)
);
create index measured_remark_due on measured_remark (community, due) where due is not null;
create index measured_remark_open on measured_remark (community, feedback) where outcome is null;

create table measured_aim (
    community text collate "C" not null,
    goal text collate "C" not null,
    value text collate "C",
    unit text collate "C" not null,
    period text collate "C" not null,
    by text collate "C",
    source text collate "C",
    trend text collate "C",
    primary key (community, goal)
);

create table measured_life (
    community text collate "C" not null primary key,
    stage text collate "C",
    since text collate "C",
    candidate text collate "C",
    weeks bigint not null,
    judged text collate "C",
    checks jsonb not null,
    compared_with text collate "C",
    resting boolean not null
);

create table measured_totals (
    community text collate "C" not null primary key,
    members bigint not null,
    strata jsonb not null
);
