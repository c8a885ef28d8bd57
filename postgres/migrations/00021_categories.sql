-- +goose Up
-- A category has one spelling, in small letters: a class would else protect nobody
-- whose request is spelled otherwise. Of a category that two classes named in two
-- spellings the one that asks more keeps it.
DELETE FROM risk_categories c USING (
    SELECT category, row_number() OVER (PARTITION BY lower(category)
        ORDER BY two_deep DESC, minors_barred DESC, check_months DESC, category) AS n
    FROM risk_categories JOIN risk_classes k ON k.id = class_id) twice
WHERE twice.category = c.category AND twice.n > 1;
UPDATE risk_categories SET category = lower(category) WHERE category <> lower(category);
ALTER TABLE risk_categories ADD CONSTRAINT categories_are_in_small_letters CHECK (category = lower(category));

DELETE FROM parks p USING parks other
WHERE (p.volunteer_id, p.kind, lower(p.category)) = (other.volunteer_id, other.kind, lower(other.category))
    AND p.category <> other.category AND (p.within, p.category) > (other.within, other.category);
UPDATE parks SET category = lower(category) WHERE category <> lower(category);
ALTER TABLE parks ADD CONSTRAINT categories_are_in_small_letters CHECK (category = lower(category));

UPDATE help_requests SET category = lower(category) WHERE category <> lower(category);
ALTER TABLE help_requests ADD CONSTRAINT categories_are_in_small_letters CHECK (category = lower(category));

-- +goose Down
ALTER TABLE help_requests DROP CONSTRAINT categories_are_in_small_letters;
ALTER TABLE parks DROP CONSTRAINT categories_are_in_small_letters;
ALTER TABLE risk_categories DROP CONSTRAINT categories_are_in_small_letters;
