"""What the database itself refuses: changing an issued paper, or a tracking event."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION logistics_issued_papers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'export papers are never deleted: number %', OLD.number;
    END IF;
    IF (NEW.number, NEW.kind, NEW.version, NEW.verify_code, NEW.parcel_id, NEW.seller_id, NEW.facts)
        IS DISTINCT FROM (OLD.number, OLD.kind, OLD.version, OLD.verify_code, OLD.parcel_id, OLD.seller_id, OLD.facts)
    THEN
        RAISE EXCEPTION 'what an export paper says never changes: number %', OLD.number;
    END IF;
    IF OLD.status NOT IN ('required', 'draft')
        AND (NEW.file, NEW.sha256, NEW.issued_at) IS DISTINCT FROM (OLD.file, OLD.sha256, OLD.issued_at)
    THEN
        RAISE EXCEPTION 'an issued paper never changes: number %', OLD.number;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER issued_papers_stay BEFORE UPDATE OR DELETE ON logistics_exportdocument
    FOR EACH ROW EXECUTE FUNCTION logistics_issued_papers_stay();

CREATE FUNCTION logistics_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'tracking events are never changed or deleted';
END $$;

CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON logistics_trackingevent
    FOR EACH ROW EXECUTE FUNCTION logistics_events_stay();
"""

BACK = """
DROP TRIGGER IF EXISTS issued_papers_stay ON logistics_exportdocument;
DROP FUNCTION IF EXISTS logistics_issued_papers_stay();
DROP TRIGGER IF EXISTS events_stay ON logistics_trackingevent;
DROP FUNCTION IF EXISTS logistics_events_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("logistics", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, BACK)]
