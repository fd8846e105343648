package penstock.topic;

import java.util.Arrays;
import java.util.function.Supplier;
import penstock.book.BookFolding;
import penstock.ring.Folding;

/** How the updates of a topic may be conflated: what is kept of them, and what waits of them in front of a full ring. */
enum Conflation {
    LAST_VALUE("last-value", () -> new NewestImage(false), Folding::newestValue),
    MERGE("merge", MergeImage::new, MergeFolding::new),
    ORDER_BOOK("order-book", BookImage::new, BookFolding::new),
    EVENT("event", () -> new NewestImage(true), Folding::newestEvent);

    private final String spelling;
    private final Supplier<Image> images;
    private final Supplier<Folding> foldings;

    Conflation(final String spelling, final Supplier<Image> images, final Supplier<Folding> foldings) {
        this.spelling = spelling;
        this.images = images;
        this.foldings = foldings;
    }

    static Conflation of(final String spelling) {
        for (final Conflation conflation : values()) {
            if (conflation.spelling.equals(spelling)) {
                return conflation;
            }
        }
        throw new IllegalArgumentException("no conflation class " + spelling + " among "
            + Arrays.stream(values()).map(Conflation::spelling).toList());
    }

    /** As the protocol spells it. */
    String spelling() {
        return spelling;
    }

    Image newImage() {
        return images.get();
    }

    Folding newFolding() {
        return foldings.get();
    }
}
