package penstock.venue.generated;

import java.util.Map;

/** The messages of one venue, written in three parts. */
public interface GeneratedVenue {
    /** Greetings, answers to the login and to the subscriptions, and the first images. */
    default void open() {
        // a venue may say nothing before its data
    }

    /** The next messages with data; every channel has its turn within twenty rounds. */
    void round(int number);

    /** What a session does not see while all is well: refusals, errors, notices, and a gap with its recovery. */
    default void trouble() {
        // a venue may have quotes only
    }

    /** The books as they are now, by channel and symbol; those without a snapshot in the recording are not here. */
    default Map<String, GeneratedBook> books() {
        return Map.of();
    }
}
