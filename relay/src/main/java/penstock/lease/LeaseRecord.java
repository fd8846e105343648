package penstock.lease;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of the key. Immutable.
 *
 * @param holder  the name of the relay that wrote it, for people
 * @param id      of its process: a relay that starts again is another one
 * @param epoch   rises with each holder
 * @param leaseMs how long the others wait after a renewal, if they are not configured to wait longer
 * @param isHeld  false = the holder has closed its connections and gives the lease away: the others do not wait
 */
record LeaseRecord(String holder, String id, long epoch, long leaseMs, boolean isHeld) {
    private static final Pattern FORM = Pattern.compile("\\{\"holder\":\"([A-Za-z0-9._:-]{1,64})\","
        + "\"id\":\"([A-Za-z0-9-]{1,64})\",\"epoch\":([0-9]{1,18}),\"lease\":([0-9]{1,9}),\"held\":(true|false)\\}");

    /** A vacant record has no process. */
    private static final String NO_PROCESS = "none";

    /** What a holder may be called. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /**
     * What stands in the place of a key that is missing. It may have been deleted while a relay was connected, so it
     * counts as the record of a holder that does not renew it.
     */
    static LeaseRecord vacant(final String writer, final long epoch) {
        return new LeaseRecord(writer, NO_PROCESS, epoch, 0, true);
    }

    /** Whether a relay has connected by this record and is not known to have closed its connections. */
    boolean hasHolder() {
        return isHeld && !id.equals(NO_PROCESS);
    }

    /** The text in the store. */
    String text() {
        return "{\"holder\":\"" + holder + "\",\"id\":\"" + id + "\",\"epoch\":" + epoch + ",\"lease\":" + leaseMs
            + ",\"held\":" + isHeld + "}";
    }

    /** The record of a text; null if no relay has written it. */
    static LeaseRecord parse(final String text) {
        final Matcher form = FORM.matcher(text);
        return form.matches() ? new LeaseRecord(form.group(1), form.group(2), Long.parseLong(form.group(3)),
            Long.parseLong(form.group(4)), form.group(5).equals("true")) : null;
    }
}
