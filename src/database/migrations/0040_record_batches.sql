-- New traces and spans are counted by those who write them (`database/blocks.ts`), once for each batch: triggers that count
-- them one by one take as long as writing the rows. Deletions and moves are counted by triggers still.
DROP TRIGGER traces_counted_insert;
DROP TRIGGER traces_part_insert;
DROP TRIGGER spans_counted_insert;
DROP TRIGGER spans_part_insert;
