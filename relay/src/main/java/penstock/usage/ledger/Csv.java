package penstock.usage.ledger;

/** Lines of comma-separated values, by RFC 4180. Owned by one thread. */
final class Csv {
    private final StringBuilder text = new StringBuilder();

    /** Adds a line; null is an empty field. */
    Csv line(final Object... fields) {
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : ",").append(fields[i] == null ? "" : field(fields[i].toString()));
        }
        text.append("\r\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String field(final String value) {
        return value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
            ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }
}
