-- Seeds the tables of the first release with plausible rows, in batches: psql variables are
--   first, last   ids of the bookings of this batch (a customer for every four, an invoice for three of four)
-- The same ids always give the same rows. Texts are put together from phrases, so that they compress as real ones do.
-- Foreign keys hold by construction; checking each row would take longer than writing it.
BEGIN;
SET LOCAL session_replication_role = replica;
SET LOCAL synchronous_commit = off;
SET LOCAL timezone = 'UTC';

CREATE FUNCTION pg_temp.pick(words text[], seed bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN words[1 + abs(hashint8(seed)::bigint) % cardinality(words)];

INSERT INTO customers (id, name, email, phone, created_at) OVERRIDING SYSTEM VALUE
SELECT c,
       pg_temp.pick(ARRAY['Ada','Bruno','Clara','Dmitri','Elif','Farid','Greta','Hanna','Ivo','Jana','Kofi','Lena','Mira','Nils','Olga','Pia'], c * 7)
         || ' ' || pg_temp.pick(ARRAY['Albrecht','Berg','Castro','Dahl','Eklund','Fischer','Gomez','Haas','Ivanov','Jensen','Kaya','Lopez','Moreau','Novak','Okafor','Petrov','Quinn','Rossi','Schmidt','Tanaka','Ueda','Vogel','Weber','Young'], c * 13),
       'customer' || c || '@example.org',
       '+1 780 555 ' || lpad((c % 10000)::text, 4, '0'),
       timestamptz '2024-01-01 08:00' + (c * 37 % 1000000) * interval '1 minute'
FROM generate_series((:first + 3) / 4, (:last + 3) / 4) c
ON CONFLICT DO NOTHING;

INSERT INTO bookings (id, customer_id, scheduled_at, duration_minutes, status, address, access_notes, price_cents, created_at) OVERRIDING SYSTEM VALUE
SELECT b, (b + 3) / 4, made + (b % 20) * interval '1 day', minutes,
       pg_temp.pick(ARRAY['done','done','done','done','planned','planned','cancelled'], b),
       (1 + b % 240) || ' ' || pg_temp.pick(ARRAY['Maple','Jasper','River','College','Garden','Station','Mill','Church','Market','Harbour'], b * 3)
         || ' ' || pg_temp.pick(ARRAY['Street','Avenue','Road','Lane','Crescent'], b * 5) || ', Edmonton',
       'Key ' || md5(b::text) || ' at ' || pg_temp.pick(ARRAY['the front desk','the neighbour on the left','the box behind the bins','the concierge','the bakery downstairs'], b * 11)
         || '. ' || pg_temp.pick(ARRAY['The dog is friendly but jumps.','Please ring twice, the bell is weak.','Do not use the lift after eight.','The alarm must be off within thirty seconds.','Two cats, keep the doors shut.','Parking is behind the house.'], b * 17)
         || ' ' || pg_temp.pick(ARRAY['Kitchen and both bathrooms first, then the stairs.','Only the ground floor this time; the upper one is being painted.','Windows on the street side, inside and out.','The oven needs the strong cleaner from the cupboard on the right.','Change the linen in the guest room and leave the old set by the door.','After the party: living room, terrace, and the glass bottles to the container.'], b * 19)
         || ' Code ' || (100000 + abs(hashint8(b * 23)::bigint) % 900000) || ', last visit ' || to_char(made - interval '14 days', 'DD Mon YYYY') || '. '
         || pg_temp.pick(ARRAY['The customer works from home on most days and asks not to run the vacuum before ten.','Invoice by mail to the property manager, who wants the hours of each visit listed.','Nobody is in before noon; leave a note on the table when something is broken or used up.','Allergic to scented products: use the neutral ones only, and bring your own cloths.'], b * 29),
       1500 + 4200 * minutes / 60, made
FROM generate_series(:first::bigint, :last::bigint) b,
     -- Every fifth visit is shorter than an hour.
     LATERAL (SELECT (ARRAY[45, 90, 120, 180, 240])[1 + b % 5] AS minutes, timestamptz '2024-01-08 07:00' + (b * 11 % 990000) * interval '1 minute' AS made) f
ON CONFLICT DO NOTHING;

INSERT INTO invoices (id, booking_id, number, amount_cents, paid, issued_at) OVERRIDING SYSTEM VALUE
SELECT id - id / 4, id, 'R' || lpad((id - id / 4)::text, 8, '0'), price_cents, id % 3 <> 0, scheduled_at + interval '1 day'
FROM bookings WHERE id BETWEEN :first AND :last AND id % 4 <> 0
ON CONFLICT DO NOTHING;

SELECT setval(pg_get_serial_sequence('customers', 'id'), max(id)) FROM customers;
SELECT setval(pg_get_serial_sequence('bookings', 'id'), max(id)) FROM bookings;
SELECT setval(pg_get_serial_sequence('invoices', 'id'), max(id)) FROM invoices;
COMMIT;
