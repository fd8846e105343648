package penstock.client;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What changed in a grid since its last frame, each symbol once, in the order in which they changed. Valid while the
 * listener is called.
 *
 * <p>Owned by the client's thread.
 */
public final class FrameView {
    private static final int MIN_SYMBOLS = 16;

    private final TopicView view;
    private String[] symbols = new String[0];
    private HeldTopic[] topics = new HeldTopic[0];
    private int size;

    FrameView(final GridHost host) {
        view = new TopicView(host);
    }

    void clear() {
        Arrays.fill(topics, 0, size, null);
        size = 0;
    }

    void add(final String symbol, final HeldTopic topic) {
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, Math.max(MIN_SYMBOLS, 2 * size));
            topics = Arrays.copyOf(topics, symbols.length);
        }
        symbols[size] = symbol;
        topics[size] = topic;
        size++;
    }

    HeldTopic topic(final int index) {
        return topics[index];
    }

    /** Number of symbols. */
    public int size() {
        return size;
    }

    /** One of them. */
    public String symbol(final int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException("symbol " + index + " of " + size);
        }
        return symbols[index];
    }

    /** Shows them one after the other, all through the same view. A symbol that left is not known any more. */
    public void forEach(final Consumer<TopicView> reader) {
        for (int i = 0; i < size; i++) {
            reader.accept(view.show(symbols[i], topics[i]));
        }
    }
}
