package penstock.topic.image;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import penstock.memory.MemoryShare;
import penstock.book.BookConflator;
import penstock.ring.ConflationClass;
import penstock.ring.Conflator;

/** The conflation classes: which image a topic has, and how its updates are conflated in front of a full ring. */
public enum ConflationPolicy {
    LAST_VALUE(ConflationClass.LAST_VALUE, memory -> new LastValueImage(false, memory), Conflator::lastValue),
    MERGE(ConflationClass.MERGE, MergeImage::new, MergeConflator::new),
    ORDER_BOOK(ConflationClass.ORDER_BOOK, BookImage::new, BookConflator::new),
    EVENT(ConflationClass.EVENT, memory -> new LastValueImage(true, memory), Conflator::lastEvent);

    private final ConflationClass conflation;
    private final Function<MemoryShare, Image> images;
    private final Supplier<Conflator> conflators;

    ConflationPolicy(final ConflationClass conflation, final Function<MemoryShare, Image> images,
            final Supplier<Conflator> conflators) {
        this.conflation = conflation;
        this.images = images;
        this.conflators = conflators;
    }

    public static ConflationPolicy of(final String spelling) {
        for (final ConflationPolicy conflation : values()) {
            if (conflation.spelling().equals(spelling)) {
                return conflation;
            }
        }
        throw new IllegalArgumentException("no conflation class " + spelling + " among "
            + Arrays.stream(values()).map(ConflationPolicy::spelling).toList());
    }

    /** The name in the protocol. */
    public String spelling() {
        return conflation.spelling();
    }

    /** An image whose views are accounted in {@code memory}. */
    public Image newImage(final MemoryShare memory) {
        return images.apply(memory);
    }

    public Conflator newConflator() {
        return conflators.get();
    }
}
