package penstock.wire.request;

import penstock.text.PrintableText;

/** Client-supplied text as an error message may repeat it. Stateless. */
final class ClientText {
    private static final int MAX_CHARS = 64;

    private ClientText() {
    }

    /** The text, escaped and cut. */
    static String shown(final String text) {
        return PrintableText.escape(text, MAX_CHARS);
    }

    /** A step of a JSON pointer. */
    static String step(final String name) {
        return "/" + shown(name).replace("~", "~0").replace("/", "~1");
    }
}
