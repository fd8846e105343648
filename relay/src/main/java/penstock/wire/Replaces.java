package penstock.wire;

/** What a snapshot replaces of the values that a client holds of the subscription. */
public enum Replaces {
    /** All of them: values of topics without an image are void. */
    ALL("all"),
    /** Those of the topics in it, which the request asked for; the others stay. */
    SOME("some"),
    /** Those of the topics in it, without a request; the others stay. */
    ONE("one"),
    /** No snapshot follows. */
    NONE("none");

    private final String text;

    Replaces(final String text) {
        this.text = text;
    }

    /** The spelling in the protocol. */
    public String text() {
        return text;
    }
}
