package penstock.venue;

import penstock.json.JsonScanner;
import penstock.json.JsonType;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.venue.book.SnapshotSpec;
import penstock.venue.emit.EmitBuffer;
import penstock.venue.emit.EmitRule;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;
import penstock.venue.rule.VenueTimeUnit;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;
import penstock.venue.spec.SequenceSpec;

/**
 * Interprets messages. A message is scanned once; then the first rule that matches decides. Elements of arrays are
 * interpreted the same way. No garbage, except for new symbols, ids and price levels. Owned by the feed thread.
 */
final class MessageInterpreter {
    /** Channel of a gap in the frame numbers: the gap concerns all channels. */
    static final int ALL_CHANNELS = -1;
    private static final byte[] EMPTY = {};

    private final RuleProgram program;
    private final JsonScanner scanner;
    private final EvaluationScope frameScope;
    private final SequenceTracker sequences;
    private final BegunTopics begun;
    private final VenueCounts counts;
    private final ByteSlice text = new ByteSlice();
    private final ByteSlice key = new ByteSlice();
    private final ByteSlice checksum = new ByteSlice();
    private final UpdateSlice slices = new UpdateSlice();
    private final LevelBuffer levels = new LevelBuffer();
    private final EmitBuffer emitted = new EmitBuffer();
    private byte[] frame = EMPTY;
    private int frameOffset;
    private int frameLength;
    private VenueListener events;
    private long retryAfterMs = -1;
    private SnapshotSpec snapshot;
    private boolean canBegin;
    private long firstNumber = SequenceTracker.NONE;
    private long lastNumber = SequenceTracker.NONE;
    private boolean isConsecutive;
    private boolean isEventId;
    private SequenceTracker.Verdict verdict = SequenceTracker.Verdict.NEXT;
    private int badLevels;
    /** Null unless a venue file is checked. */
    private RuleCoverage coverage;

    MessageInterpreter(final RuleProgram program, final VenueCounts counts) {
        this.program = program;
        this.counts = counts;
        scanner = program.scanner();
        frameScope = program.scope();
        sequences = new SequenceTracker(program.channels());
        begun = new BegunTopics(program.channels().length);
    }

    void onConnected() {
        program.learned().clear();
        sequences.onConnected();
        begun.clear();
        for (final ChannelTraits channel : program.channels()) {
            if (channel.book() != null) {
                channel.book().onConnected();
            }
        }
    }

    void onSource(final long source) {
        program.learned().select(source);
        sequences.select(source);
    }

    /** Restarts the numbers of this topic. */
    void forget(final int channel, final byte[] symbol) {
        key.take(symbol);
        sequences.forget(channel, key);
    }

    /** What comes of the venue's symbol next is of a new subscription. */
    void begin(final int channel, final byte[] symbol) {
        key.take(symbol);
        if (hasName()) {
            begun.remove(channel, key);
        }
    }

    /** Keeps nothing of the topic of the last update. */
    void drop(final int channel) {
        sequences.drop(channel, key);
        begun.remove(channel, key);
    }

    void cover(final RuleCoverage target) {
        coverage = target;
    }

    long retryAfterMs() {
        return retryAfterMs;
    }

    ByteSlice checksum() {
        return checksum;
    }

    int badLevels() {
        return badLevels;
    }

    SnapshotSpec snapshot() {
        return snapshot;
    }

    boolean canBegin() {
        return canBegin;
    }

    long firstNumber() {
        return firstNumber;
    }

    long lastNumber() {
        return lastNumber;
    }

    boolean isConsecutive() {
        return isConsecutive;
    }

    boolean isEventId() {
        return isEventId;
    }

    SequenceTracker.Verdict verdict() {
        return verdict;
    }

    void onMessage(final byte[] buffer, final int offset, final int length, final VenueListener listener) {
        if (!scanner.scan(buffer, offset, length)) {
            listener.onNotJson(buffer, offset, length, scanner.errorAt() - offset);
            return;
        }
        frame = buffer;
        frameOffset = offset;
        frameLength = length;
        events = listener;
        if (program.frames() != null && program.frames().match().matches(frameScope, text)) {
            checkFrame();
        }
        run(program.rules(), frameScope, offset, length);
    }

    private void checkFrame() {
        final SequenceSpec spec = program.frames().sequence();
        final long last = number(spec.last(), frameScope);
        if (last == SequenceTracker.NONE) {
            counts.onBadNumber();
            events.onBadNumber(ALL_CHANNELS, frame, frameOffset, frameLength);
            return;
        }
        // TCP repeats nothing: a repeated frame number is as wrong as a missing one
        final SequenceTracker.Verdict ofFrame =
            sequences.check(spec, ALL_CHANNELS, key, UpdateKind.DELTA, number(spec.first(), frameScope), last);
        if (ofFrame == SequenceTracker.Verdict.BACK || ofFrame.isGap()) {
            events.onGap(ALL_CHANNELS, EMPTY, 0, 0, spec.onGap(), sequences.expected(), sequences.got());
        }
    }

    /** {@code offset} and {@code length}: the message that the rules apply to, a frame or an element. */
    private void run(final VenueRule[] rules, final EvaluationScope scope, final int offset, final int length) {
        for (final VenueRule rule : rules) {
            if (rule.match().matches(scope, text)) {
                if (!apply(rule, scope, offset, length)) {
                    break;
                }
                return;
            }
        }
        events.onUnmatched(frame, offset, length);
    }

    /** False if the message lacks a value that the rule needs. */
    private boolean apply(final VenueRule rule, final EvaluationScope scope, final int offset, final int length) {
        if (rule.name() != null) {
            counts.onMatch(rule.number());
        }
        if (rule.learn() != null) {
            rule.learn().learn(scope);
        }
        if (rule.control() != null) {
            control(rule.control(), scope, offset, length);
            return true;
        }
        if (rule.elements() != null) {
            return walk(rule.elements(), scope);
        }
        MessageUse best = MessageUse.NONE;
        for (final DataRule data : rule.data()) {
            final MessageUse use = publish(data, scope);
            best = use.compareTo(best) > 0 ? use : best;
        }
        if (best == MessageUse.IGNORED) {
            events.onControl(ControlKind.IGNORED, frame, offset, length);
        }
        if (best != MessageUse.NONE && coverage != null) {
            coverage.onMessage(rule.number(), rule.data(), scope);
        }
        return best != MessageUse.NONE;
    }

    private void control(final VenueRule.Control control, final EvaluationScope scope, final int offset,
            final int length) {
        ControlKind kind = control.kind();
        retryAfterMs = -1;
        for (final ErrorClassifier classifier : control.classify()) {
            if (classifier.match().matches(scope, text)) {
                kind = classifier.kind();
                final long us = classifier.after() != null && classifier.after().read(scope, text)
                    ? VenueTimeUnit.S.micros(text.bytes(), text.offset(), text.length()) : VenueTimeUnit.NONE;
                retryAfterMs = us == VenueTimeUnit.NONE ? -1 : us / 1_000;
                break;
            }
        }
        events.onControl(kind, frame, offset, length);
    }

    private boolean walk(final ArrayRule rule, final EvaluationScope outer) {
        if ((rule.array().type(outer) & rule.types()) == 0) {
            return false;
        }
        final JsonScanner walker = rule.walker();
        rule.open(frame, outer);
        while (rule.next(frame)) {
            if (rule.nested() == null) {
                run(rule.rules(), rule.scope(), walker.elementOffset(), walker.elementLength());
            } else if (!walk(rule.nested(), rule.scope())) {
                events.onUnmatched(frame, walker.elementOffset(), walker.elementLength());
            }
        }
        return true;
    }

    private MessageUse publish(final DataRule rule, final EvaluationScope scope) {
        final UpdateKind said = rule.kind().of(scope, text);
        if (said == null || rule.value().venue().type(scope) == JsonType.ABSENT || !readKey(rule, scope)) {
            return MessageUse.NONE;
        }
        if (!hasName()) {
            return MessageUse.IGNORED;
        }
        final boolean isSnapshotFirst = rule.kind().isSnapshotFirst();
        final UpdateKind kind = isSnapshotFirst && begun.contains(rule.channel(), key) ? UpdateKind.DELTA : said;
        final EmitRule fields = rule.value().fields();
        final EmitRule.Outcome outcome = fields == null ? EmitRule.Outcome.VALUE : fields.write(scope, kind, emitted);
        if (fields != null) {
            counts.onBadValues(emitted.badValues());
        }
        if (outcome == EmitRule.Outcome.NO_VALUE) {
            return MessageUse.NONE;
        }
        canBegin = rule.kind().canBegin();
        snapshot = rule.snapshot() == null ? program.channels()[rule.channel()].snapshot() : rule.snapshot();
        if (!isNew(rule, scope, kind)) {
            events.onDuplicate(rule.channel());
            return MessageUse.DATA;
        }
        final long timeUs = time(rule, scope);
        setSlices(rule, scope);
        slices.kind = kind;
        if (outcome == EmitRule.Outcome.NO_CHANGE) {
            return MessageUse.IGNORED;
        }
        if (fields != null) {
            slices.emit(emitted.bytes(), 0, emitted.length());
        }
        if (rule.book() != null) {
            if (!rule.book().read(scope, key, kind, levels)) {
                // changes of a book whose snapshot has not arrived yet
                return MessageUse.IGNORED;
            }
            badLevels = rule.book().badLevels();
            if (badLevels > 0) {
                counts.onBadLevels(badLevels);
            }
            rule.book().readChecksum(scope, checksum);
            slices.levels = levels;
        }
        if (isSnapshotFirst && kind != UpdateKind.DELTA) {
            begun.add(rule.channel(), key);
        }
        events.onUpdate(rule.channel(), key.bytes(), key.offset(), key.length(), timeUs, slices);
        return MessageUse.DATA;
    }

    private void setSlices(final DataRule rule, final EvaluationScope scope) {
        final Expression emit = rule.value().venue();
        final int offset = emit.offset(scope);
        final int length = emit.length(scope);
        if (emit.isOfElement()) {
            slices.set(frame, scope.elementOffset(), scope.elementLength(), offset, length);
        } else {
            slices.set(frame, frameOffset, frameLength, offset, length);
        }
    }

    /** False if the message is older than what its line has sent. Events are left to who compares all lines. */
    private boolean isNew(final DataRule rule, final EvaluationScope scope, final UpdateKind kind) {
        verdict = SequenceTracker.Verdict.NEXT;
        firstNumber = SequenceTracker.NONE;
        lastNumber = SequenceTracker.NONE;
        isConsecutive = false;
        isEventId = false;
        if (rule.sequence() != null) {
            return isNewNumber(rule, scope, kind);
        }
        if (kind == UpdateKind.SNAPSHOT) {
            sequences.forget(rule.channel(), key);
        }
        return true;
    }

    private boolean isNewNumber(final DataRule rule, final EvaluationScope scope, final UpdateKind kind) {
        final SequenceSpec spec = rule.sequence();
        firstNumber = number(spec.first(), scope);
        lastNumber = number(spec.last(), scope);
        isConsecutive = spec.rule() == SequenceSpec.Rule.INCREMENT && spec.scope() == SequenceSpec.Scope.KEY;
        final boolean lacksFirst = spec.first() != null && firstNumber == SequenceTracker.NONE;
        if ((lacksFirst || lastNumber == SequenceTracker.NONE) && !spec.restartsOn(kind)) {
            counts.onBadNumber();
            events.onBadNumber(rule.channel(), frame, frameOffset, frameLength);
        }
        if (lastNumber == SequenceTracker.NONE) {
            return true;
        }
        isEventId = spec.rule() != SequenceSpec.Rule.NONDECREASING && spec.scope() != SequenceSpec.Scope.CONNECTION;
        verdict = sequences.check(spec, rule.channel(), key, kind, firstNumber, lastNumber);
        return verdict == SequenceTracker.Verdict.NEXT || isTaken(rule, kind);
    }

    /** A number that is not the next one: reports a gap; false if the message repeats what the line has sent. */
    private boolean isTaken(final DataRule rule, final UpdateKind kind) {
        final SequenceSpec.Rule numbers = rule.sequence().rule();
        if (verdict.isGap()) {
            final GapAction action = numbers.detectsGaps() ? rule.sequence().onGap() : GapAction.MARK;
            switch (rule.sequence().scope()) {
                case KEY -> events.onGap(rule.channel(), key.bytes(), key.offset(), key.length(), action,
                    sequences.expected(), sequences.got());
                case CHANNEL -> events.onGap(rule.channel(), EMPTY, 0, 0, action, sequences.expected(),
                    sequences.got());
                default -> events.onGap(ALL_CHANNELS, EMPTY, 0, 0, action, sequences.expected(), sequences.got());
            }
        }
        return verdict != SequenceTracker.Verdict.BACK || program.channels()[rule.channel()].outlivesConnection()
            || !numbers.detectsGaps() && kind != UpdateKind.FULL;
    }

    private long number(final Expression expression, final EvaluationScope scope) {
        return expression != null && expression.read(scope, text) ? SequenceTracker.number(text) : SequenceTracker.NONE;
    }

    private boolean readKey(final DataRule rule, final EvaluationScope scope) {
        for (final Expression expression : rule.keys()) {
            if (expression.read(scope, key) && key.length() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Replaces the symbol by its published name; false if only another symbol can have that name. */
    private boolean hasName() {
        if (program.names() == null) {
            return true;
        }
        final boolean hasName = program.names().publish(key);
        if (program.names().isCollision()) {
            events.onSymbolCollision(key.bytes(), key.offset(), key.length());
        }
        return hasName;
    }

    private long time(final DataRule rule, final EvaluationScope scope) {
        if (rule.time() == null || !rule.time().at().read(scope, text)) {
            return VenueTimeUnit.NONE;
        }
        final long timeUs = rule.time().unit().plausibleMicros(text.bytes(), text.offset(), text.length());
        if (timeUs == VenueTimeUnit.NONE) {
            counts.onBadTime();
        }
        return timeUs;
    }
}
