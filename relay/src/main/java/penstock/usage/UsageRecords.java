package penstock.usage;

import java.time.YearMonth;
import penstock.usage.ledger.ChainBreak;
import penstock.usage.ledger.LedgerRecord;
import penstock.usage.ledger.RecordText;

/** The records of the ledger, member by member. Stateless. */
final class UsageRecords {
    private static final int FORMAT = 1;

    private UsageRecords() {
    }

    static RecordText begin(final YearMonth month, final String previous, final int entitled, final long nowMs) {
        return new RecordText("begin", nowMs).number("format", FORMAT).text("month", month.toString())
            .text("previous", previous).number("entitled", entitled);
    }

    static RecordText entitled(final Licence licence, final long nowMs) {
        return licence(new RecordText("entitled", nowMs), licence);
    }

    static Licence licence(final LedgerRecord record) {
        return new Licence(record.text("principal"), record.text("product"), record.flag("display"));
    }

    static RecordText change(final LicenceChange change) {
        final RecordText record = licence(
            new RecordText(change.isActive() ? "activated" : "deactivated", change.atMs()), change.licence())
            .text("by", change.by()).text("why", change.why());
        return change.superseded() == 0 ? record : record.number("superseded", change.superseded());
    }

    static RecordText denied(final DenialTallies.Denial denial, final DenialTallies.Times times, final long nowMs) {
        return new RecordText("denied", nowMs).text("principal", denial.principal()).text("what", denial.what())
            .text("why", denial.why()).number("count", times.count()).time("first", times.firstMs())
            .time("last", times.lastMs());
    }

    static RecordText use(final UsageKey key, final UsageTally tally, final long nowMs) {
        final Licence licence = key.licence();
        return new RecordText("use", nowMs).text("principal", licence.principal()).text("device", key.device())
            .text("product", licence.product()).flag("display", licence.display())
            .time("first", tally.firstMs()).time("last", tally.lastMs()).number("sessions", tally.sessions())
            .number("principalSessions", tally.principalSessions()).number("updates", tally.updates())
            .number("images", tally.images());
    }

    static RecordText start(final long nowMs) {
        return new RecordText("start", nowMs);
    }

    static RecordText stop(final long updates, final long nowMs) {
        return new RecordText("stop", nowMs).number("updates", updates);
    }

    static RecordText repaired(final long tornBytes, final long nowMs) {
        return new RecordText("repaired", nowMs).number("bytes", tornBytes);
    }

    static RecordText broken(final ChainBreak found, final long nowMs) {
        return new RecordText("broken", nowMs).text("file", found.file().getFileName().toString())
            .number("line", found.line()).text("what", found.what());
    }

    private static RecordText licence(final RecordText record, final Licence licence) {
        return record.text("principal", licence.principal()).text("product", licence.product())
            .flag("display", licence.display());
    }
}
