package penstock.tap;

import penstock.client.value.BookSide;
import penstock.client.value.JsonCursor;

/**
 * A subscriber's order book: applies images and updates, as the client in Java does.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapBook {
    private final BookSide bids = new BookSide(-1);
    private final BookSide asks = new BookSide(1);
    private final JsonCursor sides = new JsonCursor();

    /** Sets the levels of an image or an update; removes levels of size 0. */
    void apply(final String value) {
        final char[] text = value.toCharArray();
        sides.enterObject(text, 0, text.length);
        while (sides.nextMember()) {
            if (sides.isNamed("bids")) {
                bids.apply(text, sides.from(), sides.to());
            } else if (sides.isNamed("asks")) {
                asks.apply(text, sides.from(), sides.to());
            }
        }
    }

    /** Number of levels of the deeper side. */
    int depth() {
        return Math.max(bids.size(), asks.size());
    }

    /** As an image of the protocol, best first. */
    @Override
    public String toString() {
        final StringBuilder out = new StringBuilder("{\"bids\":");
        bids.appendJson(out);
        asks.appendJson(out.append(",\"asks\":"));
        return out.append('}').toString();
    }
}
