--
-- PostgreSQL database dump
--
SET client_encoding = 'UTF8';

COPY public.categories (id, name, slug, created_at, read_restricted) FROM stdin;
4	Repairs	repairs	2026-01-01 08:00:00	f
5	Board	board	2026-01-01 08:10:00	t
\.

COPY public.category_custom_fields (id, category_id, name, value) FROM stdin;
1	4	enable_accepted_answers	true
\.

COPY public.discourse_solved_solved_topics (id, topic_id, created_at) FROM stdin;
1	40	2026-01-02 12:00:00
\.

COPY public.discourse_solved_topic_answers (id, solved_topic_id, answer_post_id, accepter_user_id, created_at) FROM stdin;
1	1	102	10	2026-01-02 12:00:00.25
\.

COPY public.invited_users (id, user_id, invite_id) FROM stdin;
1	11	7
\.

COPY public.invites (id, invited_by_id) FROM stdin;
7	10
\.

COPY public.post_actions (id, post_id, user_id, post_action_type_id, deleted_at, created_at, agreed_at, agreed_by_id, disagreed_at, disagreed_by_id) FROM stdin;
1	102	10	2	\N	2026-01-02 11:10:00	\N	\N	\N	\N
2	102	1	2	2026-01-02 11:30:00	2026-01-02 11:20:00	\N	\N	\N	\N
3	104	11	8	\N	2026-01-03 10:10:00	2026-01-03 11:00:00	1	\N	\N
4	109	10	2	\N	2026-01-03 12:10:00	\N	\N	\N	\N
\.

COPY public.post_revisions (id, user_id, post_id, modifications, number, created_at) FROM stdin;
1	10	101	---\\nraw:\\n- a\\n- b	2	2026-01-02 10:05:00
\.

COPY public.posts (id, user_id, topic_id, post_number, raw, cooked, created_at, post_type, reply_to_post_number, deleted_at, deleted_by_id, action_code) FROM stdin;
101	10	40	1	How?	<p>How do I open a <b>Moka</b> kettle? <a class="mention" href="/u/Ben">@Ben</a></p>\n<p><img src="/x.jpg"></p>	2026-01-02 10:00:00.123456	1	\N	\N	\N	\N
102	11	40	2	So	<aside class="quote"><blockquote><p>How do I open</p></blockquote></aside><p>With two <code>screwdrivers</code>, see <a href="https://example.org/k">this</a></p>	2026-01-02 11:00:00	1	1	\N	\N	\N
103	1	40	3		\N	2026-01-09 08:00:00	3	\N	\N	\N	closed.enabled
104	12	40	4	Buy	<p>Buy shoes</p>	2026-01-03 10:00:00	1	2	2026-01-03 11:00:00	1	\N
105	1	50	1	Inside	<p>Inside</p>	2026-01-03 12:00:00	1	\N	\N	\N	\N
106	1	40	5	Among us	<p>Among us</p>	2026-01-03 12:05:00	4	\N	\N	\N	\N
109	10	60	1	Secret	<p>Secret</p>	2026-01-03 12:06:00	1	\N	\N	\N	\N
110	10	40	6	bad	<p>bad</p>	not a time	1	\N	\N	\N	\N
111	10	40
\.

COPY public.site_settings (id, name, data_type, value, created_at) FROM stdin;
1	title	1	L'Atelier	2026-01-01 08:00:00
\.

COPY public.tags (id, name) FROM stdin;
1	kettle
\.

COPY public.topic_tags (id, topic_id, tag_id) FROM stdin;
1	40	1
\.

COPY public.topics (id, title, created_at, user_id, archetype, category_id) FROM stdin;
40	Opening a Moka kettle	2026-01-02 10:00:00	10	regular	4
50	The rent	2026-01-03 12:00:00	1	regular	5
60	Between us	2026-01-03 12:06:00	10	private_message	\N
\.

COPY public.user_options (user_id, timezone) FROM stdin;
10	Europe/Lisbon
\.

COPY public.users (id, username, name, created_at, admin, moderator, active, staged, locale, suspended_at, suspended_till) FROM stdin;
-1	system	system	2026-01-01 07:00:00	t	t	t	f	\N	\N	\N
1	eve	Eve	2026-01-01 08:00:00	t	f	t	f	fr	\N	\N
10	ana	Ana\\Silva	2026-01-01 09:00:00	f	f	t	f	\N	\N	\N
11	Ben		2026-01-01 10:00:00	f	f	t	f	\N	\N	\N
12	shoes	Shoes	2026-01-03 09:59:00	f	f	t	f	\N	2026-01-03 11:05:00	2027-01-03 11:05:00
13	never	Never	2026-01-04 10:00:00	f	f	f	f	\N	\N	\N
\.
