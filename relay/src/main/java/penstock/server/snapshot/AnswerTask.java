package penstock.server.snapshot;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import penstock.fanout.SlicedWork;
import penstock.identity.Entitlement;
import penstock.server.body.EntityTag;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.usage.session.Denials;
import penstock.wire.MessageBuffer;
import penstock.wire.request.SymbolPattern;

/**
 * Makes an answer in slices: selects the topics that the client may see, each once, in the order of the query, then
 * appends them. A topic that is forgotten in between is left out.
 *
 * <p>Owned by the io thread.
 */
final class AnswerTask implements SlicedWork.Task {
    /** Appended to before it becomes a piece; shared by all answers of the thread, and empty between slices. */
    private static final int PIECE_BYTES = 60 * 1024;
    private static final int TOPICS_PER_CHECK = 16;
    private static final int MATCHES_PER_CHECK = 64;
    /** Per topic of the channel: references, while the answer is made. */
    private static final int SELECTION_BYTES = 16;
    private static final int[] NO_IMAGES = {};

    private final TopicTable topics;
    private final Channel channel;
    private final List<SymbolPattern> patterns;
    private final SharedAnswers.Question question;
    private final boolean isSnapshot;
    private final AnswerForm form;
    private final SharedAnswer answer;
    private final MessageBuffer scratch;
    private final Consumer<AnswerTask> whenDone;
    private final AnswerFacts facts = new AnswerFacts();
    private final Denials denials = new Denials();
    /** Of the pattern whose turn it is: a symbol for each set of products. */
    private final Map<Integer, String> forbidden = new LinkedHashMap<>();
    private boolean isServed;
    private final List<Topic> selected = new ArrayList<>();
    private final BitSet isSelected = new BitSet();
    private Topic[] all;
    private long changes;
    private long revision;
    private int pattern;
    private int place;
    private int appended;
    private boolean hasBegun;
    private boolean hasFailed;

    /** {@code whenDone} is called once, when {@link #isComplete} is known. */
    AnswerTask(final TopicTable topics, final Channel channel, final SharedAnswers.Question question,
            final AnswerForm form, final SharedAnswer answer, final MessageBuffer scratch,
            final Consumer<AnswerTask> whenDone) {
        this.topics = topics;
        this.channel = channel;
        patterns = question.query().symbols();
        this.question = question;
        isSnapshot = question.isSnapshot();
        this.form = form;
        this.answer = answer;
        this.scratch = scratch;
        this.whenDone = whenDone;
    }

    /** What it answers. */
    SharedAnswers.Question question() {
        return question;
    }

    Channel channel() {
        return channel;
    }

    AnswerForm form() {
        return form;
    }

    /** Whether the first slice has run: what changes from now on may be missing. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** False when there was no memory for the answer, or the task failed. */
    boolean isComplete() {
        return !hasFailed;
    }

    SharedAnswer answer() {
        return answer;
    }

    /** How many images of the topics of each group are in the answer; none in a list of names. */
    int[] images() {
        return isSnapshot ? facts.byGroup() : NO_IMAGES;
    }

    /** What is asked for and those who ask may not see. */
    Denials denials() {
        return denials;
    }

    /** The version of the content. */
    EntityTag tag() {
        final String tag = form.tag(topics, facts);
        // a client whose rights have changed must not take the old answer for the new one
        return new EntityTag(question.entitlement().equals(Entitlement.ALL) ? tag
            : tag + "-" + Integer.toUnsignedString(question.entitlement().hashCode(), 36));
    }

    /** Whether nothing in the channel has changed since the task began. */
    boolean isFresh() {
        return changes == channel.changes() && revision == topics.revision();
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        if (!hasBegun && !begin()) {
            return fail();
        }
        if (!select(slice)) {
            return false;
        }
        final boolean isDone = append(slice);
        if (isDone) {
            scratch.put("]}");
        }
        if (!cut()) {
            return fail();
        }
        if (isDone) {
            answer.complete();
            release();
            whenDone.accept(this);
        }
        return isDone;
    }

    @Override
    public void onFailure(final Throwable failure) {
        scratch.clear();
        fail();
    }

    private boolean begin() {
        hasBegun = true;
        changes = channel.changes();
        revision = topics.revision();
        if (!answer.reserve((long) SELECTION_BYTES * channel.topics().size())) {
            return false;
        }
        all = channel.topics().toArray(new Topic[0]);
        form.begin(scratch, topics);
        return cut();
    }

    /** False when the slice is over. */
    private boolean select(final SlicedWork.Slice slice) {
        for (; pattern < patterns.size(); pattern++) {
            final SymbolPattern each = patterns.get(pattern);
            final Topic named = each.isExact() ? channel.topic(each.symbol()) : null;
            if (named != null && !add(named)) {
                denials.onName(topics.group(named.id()), named.symbol());
            }
            for (; !each.isExact() && place < all.length; place++) {
                if (place % MATCHES_PER_CHECK == MATCHES_PER_CHECK - 1 && slice.isOver()) {
                    place++;
                    addMatching(each, all[place - 1]);
                    return false;
                }
                addMatching(each, all[place]);
            }
            place = 0;
            endPattern();
        }
        return true;
    }

    private void addMatching(final SymbolPattern each, final Topic topic) {
        if (each.matches(topic.symbol())) {
            if (add(topic)) {
                isServed = true;
            } else if (!isServed) {
                forbidden.putIfAbsent(topics.group(topic.id()), topic.symbol());
            }
        }
    }

    /** A pattern asks for no more than the client may see: it is denied if that is nothing. */
    private void endPattern() {
        if (!isServed) {
            forbidden.forEach(denials::onName);
        }
        forbidden.clear();
        isServed = false;
    }

    /** Whether the client may see the topic. */
    private boolean add(final Topic topic) {
        final boolean isPermitted = isSelected.get(topic.id())
            || question.entitlement().permits(channel.path(), topic.symbol());
        if (isPermitted && !isSelected.get(topic.id())) {
            isSelected.set(topic.id());
            selected.add(topic);
        }
        return isPermitted;
    }

    /** False when the slice is over, or a piece is full. */
    private boolean append(final SlicedWork.Slice slice) {
        while (appended < selected.size()) {
            final Topic topic = selected.get(appended++);
            if (topic.hasValue() && channel.topic(topic.symbol()) == topic) {
                if (facts.count() > 0) {
                    scratch.put(',');
                }
                facts.add(topic, topics.state(topic), topics.group(topic.id()));
                form.entry(scratch, topics, topic);
            }
            if (scratch.length() >= PIECE_BYTES || appended % TOPICS_PER_CHECK == 0 && slice.isOver()) {
                return appended == selected.size();
            }
        }
        return true;
    }

    /** What was appended becomes a piece; false if there is no memory for it. */
    private boolean cut() {
        final boolean fits = answer.reserve(scratch.length());
        if (fits) {
            answer.add(scratch.toBytes());
        }
        scratch.clear();
        return fits;
    }

    private boolean fail() {
        hasFailed = true;
        release();
        whenDone.accept(this);
        return true;
    }

    private void release() {
        all = null;
        selected.clear();
        isSelected.clear();
    }
}
