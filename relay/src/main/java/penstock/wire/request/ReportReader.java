package penstock.wire.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import penstock.text.PrintableText;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/** Reads what an edge reports of its sessions. Stateless. */
final class ReportReader {
    /** Of one report. */
    static final int MAX_SESSIONS = 500;

    private static final int MAX_NAME_CHARS = 128;
    private static final int MAX_EDGE_CHARS = 100;
    private static final int MAX_MAX_SESSIONS = 1_000_000;
    private static final long MAX_US = (1L << 53) - 1;
    private static final List<String> REPORT = List.of("op", "id", "edge", "sessions", "ended", "full", "more");
    private static final List<String> SESSION =
        List.of("client", "session", "address", "since", "credential", "products", "max", "onExcess");
    private static final List<String> ON_EXCESS = List.of("deny-new", "evict-oldest", "count");

    private ReportReader() {
    }

    static Request.Report read(final RequestFields fields) throws RequestException {
        fields.rejectUnknown("report", REPORT);
        final List<Request.EdgeSession> sessions = new ArrayList<>();
        for (final Object each : list(fields, "sessions")) {
            sessions.add(session(fields, "sessions/" + sessions.size(), each));
        }
        final List<String> ended = new ArrayList<>();
        for (final Object each : list(fields, "ended")) {
            if (!(each instanceof String name) || name.isEmpty() || name.length() > MAX_NAME_CHARS
                    || PrintableText.firstUnprintable(name) >= 0) {
                throw fields.bad("ended/" + ended.size(), "the name of a session", each);
            }
            ended.add(name);
        }
        return new Request.Report(fields.id(), fields.text("edge", null, MAX_EDGE_CHARS), sessions, ended,
            fields.flag("full", false), fields.flag("more", false));
    }

    private static List<?> list(final RequestFields fields, final String name) throws RequestException {
        final Object value = fields.value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.size() > MAX_SESSIONS) {
            throw fields.bad(name, "an array of at most " + MAX_SESSIONS + " sessions", value);
        }
        return list;
    }

    private static Request.EdgeSession session(final RequestFields report, final String place, final Object value)
            throws RequestException {
        if (!(value instanceof Map<?, ?> members)) {
            throw report.bad(place, "an object with client, session, address and since", value);
        }
        @SuppressWarnings("unchecked")
        final RequestFields fields = new RequestFields((Map<String, Object>) members);
        try {
            fields.rejectUnknown("a session of a report", SESSION);
            final List<String> products = fields.names("products");
            final String onExcess = fields.text("onExcess", null, MAX_NAME_CHARS);
            if (onExcess != null && !ON_EXCESS.contains(onExcess)) {
                throw fields.bad("onExcess", String.join(", ", ON_EXCESS), onExcess);
            }
            return new Request.EdgeSession(required(fields, "client"), required(fields, "session"),
                required(fields, "address"), Math.max(0, fields.limit("since", 0, MAX_US)),
                fields.text("credential", null, MAX_NAME_CHARS * 2), new Request.EdgeTerms(
                    products == null ? null : new HashSet<>(products), (int) fields.limit("max", 0, MAX_MAX_SESSIONS),
                    onExcess));
        } catch (final RequestException wrong) {
            throw new RequestException(wrong.code(), '/' + place + wrong.path(), wrong.getMessage(), report.id());
        }
    }

    private static String required(final RequestFields fields, final String name) throws RequestException {
        final String text = fields.text(name, null, MAX_NAME_CHARS);
        if (text == null) {
            throw fields.rejection(ErrorCode.BAD_FIELD, name, name + " is missing");
        }
        return text;
    }
}
