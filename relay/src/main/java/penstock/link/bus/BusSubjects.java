package penstock.link.bus;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.wire.TopicPartition;

/**
 * The subjects of a link: the partitions of its feeds, numbered through, the requests for their snapshots, and the
 * answers to these. Immutable.
 */
final class BusSubjects {
    private static final String SNAPSHOT = ".snapshot.";

    private final List<String> feeds;
    private final String answers;
    private final Map<String, Integer> partitions = new HashMap<>();

    /**
     * Of feeds.
     *
     * @param feeds   the beginnings of the subjects of each
     * @param answers the beginning of the subjects of answers, of no other reader
     */
    BusSubjects(final List<String> feeds, final String answers) {
        this.feeds = List.copyOf(feeds);
        this.answers = answers;
        for (int i = 0; i < count(); i++) {
            partitions.put(feeds.get(feed(i)) + '.' + i % TopicPartition.COUNT, i);
        }
    }

    /** How many partitions there are. */
    int count() {
        return feeds.size() * TopicPartition.COUNT;
    }

    /** The number of the feed of a partition. */
    static int feed(final int partition) {
        return partition / TopicPartition.COUNT;
    }

    /** All that is listened to. */
    Set<String> all() {
        final Set<String> all = new LinkedHashSet<>(partitions.keySet());
        all.add(answers + ".*.*");
        return all;
    }

    /** For people. */
    String text() {
        return String.join(", ", feeds);
    }

    /** The beginning of the subjects of the feed of a partition. */
    String base(final int partition) {
        return feeds.get(feed(partition));
    }

    /** The subject of a partition. */
    String partition(final int partition) {
        return feeds.get(feed(partition)) + '.' + partition % TopicPartition.COUNT;
    }

    /** The subject of requests for the snapshot of a partition. */
    String request(final int partition) {
        return feeds.get(feed(partition)) + SNAPSHOT + partition % TopicPartition.COUNT;
    }

    /** The subject of the answers to one of them. */
    String answers(final int partition, final long attempt) {
        return answers + '.' + partition + '.' + attempt;
    }

    /** The partition that a subject is of, or whose snapshot is answered; -1 if it is none. */
    int find(final String subject) {
        if (!isAnswer(subject)) {
            return partitions.getOrDefault(subject, -1);
        }
        final int end = subject.lastIndexOf('.');
        return end <= answers.length() ? -1 : (int) number(subject.substring(answers.length() + 1, end));
    }

    /** Whether it is the subject of an answer. */
    boolean isAnswer(final String subject) {
        return subject.startsWith(answers + '.');
    }

    /** Which attempt an answer belongs to; -1 = none. */
    static long attempt(final String subject) {
        return number(subject.substring(subject.lastIndexOf('.') + 1));
    }

    private static long number(final String text) {
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : -1;
    }
}
