package penstock.venue;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.FlagKey;
import penstock.config.VenueSettings;
import penstock.ring.ConflationClass;
import penstock.venue.book.BookReader;
import penstock.venue.book.BookRule;
import penstock.venue.book.KnownLevels;
import penstock.venue.emit.EmitReader;
import penstock.venue.emit.EmitRule;
import penstock.venue.rule.Expression;
import penstock.venue.rule.PointerBindings;
import penstock.venue.rule.VenueTimeUnit;
import penstock.venue.spec.ChannelReader;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.KindSpec;
import penstock.venue.spec.SequenceSpec;
import penstock.venue.spec.VenueVariables;

/** Reads the data part of a rule. Owned by the thread that reads the file. */
final class DataRuleReader {
    /** The keys of {@code messages.rules[]}. */
    static final KeyTable KEYS = KeyTable.of("messages.rules[]");
    private static final String CHANNEL = KEYS.key("channel", "text", "the default channel", "Channel of the data.");
    private static final String KEY = KEYS.key("key", "expression or list of expressions", KeyTable.REQUIRED,
        "The symbol; in a list the first present one counts.");
    private static final String EMIT =
        KEYS.key("emit", "fields; or pointer, `frame` or `element`", "the element, else the frame",
        "What subscribers get as `v`: chosen fields, see [normalised values](#normalised-values), or bytes of "
        + "the message.");
    private static final String EMIT_VENUE =
        KEYS.key("emit-venue", "pointer, `frame` or `element`", "the element, else the frame",
        "Beside an `emit` of fields: the bytes sent with `feed.values = venue`.");
    private static final KeyTable TS = KEYS.section("ts");
    private static final String AT = TS.key("at", "expression", KeyTable.NONE,
        "The venue's time. One before 2000 or after 2099 has another unit: it is counted in "
        + "`penstock_feed_bad_times_total` and left out. Also for `penstock_channel_lag_seconds`.");
    private static final FlagKey OPTIONAL = TS.flag("optional", false,
        "Messages may have no time; `relay check --against` does not call it wrong.");
    private static final ChoiceKey<VenueTimeUnit> UNIT =
        TS.choice("unit", VenueTimeUnit.class, "required with `ts`",
            "Its unit; `utc` is `rfc3339` without a zone.");

    private final List<ChannelSpec> channels;
    private final VenueVariables variables;
    private final VenueSettings.Values values;
    private final ChannelTraits[] traits;
    private final List<KnownLevels> known;
    /** By channel number: it has a rule, and one with which a topic begins. */
    private final boolean[] isUsed;
    private final boolean[] canBegin;

    DataRuleReader(final List<ChannelSpec> channels, final VenueVariables variables, final VenueSettings settings) {
        this.channels = channels;
        this.variables = variables;
        values = settings.values();
        traits = channels.stream().map(channel -> channel.conflation() == ConflationClass.EVENT)
            .map(isEvent -> new ChannelTraits(isEvent, null, false, false, Set.of(), null, true))
            .toArray(ChannelTraits[]::new);
        isUsed = new boolean[Math.max(1, channels.size())];
        canBegin = new boolean[isUsed.length];
        known = channels.stream().map(channel -> new KnownLevels()).toList();
    }

    /** By channel number; complete once all rules are read. */
    ChannelTraits[] traits() {
        return traits;
    }

    /** Which values are published. */
    VenueSettings.Values values() {
        return values;
    }

    DataRule read(final ConfigSection section, final PointerBindings bindings) {
        final Expression[] keys = keys(section, bindings);
        final DataRule.Timestamp time = section.has("ts") ? time(section.section("ts"), bindings) : null;
        final int channel = channel(section);
        final KindSpec kind = KindSpec.read(section, spec(channel), bindings);
        final SequenceSpec sequence = section.has("seq")
            ? SequenceSpec.read(section.section("seq"), bindings, SequenceSpec.Scope.KEY) : null;
        if (!channels.isEmpty() && sequence != null) {
            traits[channel] = traits[channel].with(sequence);
        }
        final BookRule book = book(section, bindings, channel, sequence);
        canBegin[channel] |= kind.canBegin() || book != null && book.snapshot() != null;
        isUsed[channel] = true;
        final Expression venueValue = emit(section, bindings);
        final EmitRule fields = fields(section, bindings, spec(channel));
        if (!channels.isEmpty()) {
            traits[channel] = traits[channel].with(fields);
        }
        return new DataRule(channel, keys, kind, sequence, time, new DataRule.Value(venueValue, fields), book);
    }

    /** After all rules: changes alone never make a topic, so that each channel of changes needs a beginning. */
    void checkBeginnings(final ConfigSection messages) {
        for (int i = 0; i < channels.size(); i++) {
            if (isUsed[i] && !canBegin[i]) {
                messages.problem("rules", "channel " + channels.get(i).name() + " can never begin: all its rules have "
                    + "kind = delta; add a rule with kind = snapshot, or book { snapshot { … } } if the venue serves "
                    + "snapshots on request");
            }
        }
    }

    /** A file without channels is a problem of its own; a neutral channel stands in, so that reading can go on. */
    private ChannelSpec spec(final int channel) {
        return channels.isEmpty() ? new ChannelSpec("", ConflationClass.LAST_VALUE, true) : channels.get(channel);
    }

    private static DataRule.Timestamp time(final ConfigSection section, final PointerBindings bindings) {
        final Expression at = bindings.expression(section, AT);
        return new DataRule.Timestamp(at, UNIT.required(section, VenueTimeUnit.MS), OPTIONAL.read(section));
    }

    private BookRule book(final ConfigSection section, final PointerBindings bindings, final int channel,
            final SequenceSpec sequence) {
        final ChannelSpec spec = spec(channel);
        final boolean isBook = spec.conflation() == ConflationClass.ORDER_BOOK;
        if (!section.has("book")) {
            if (isBook) {
                section.problem("book", "is missing: channel " + spec.name()
                    + " is order-book; name the places of its levels");
            }
            return null;
        }
        if (!isBook) {
            section.problem("book", "is for channels of class order-book, which " + spec.name() + " is not");
            return null;
        }
        final BookRule book =
            BookReader.read(section.section("book"), bindings, known.get(channel), sequence, variables);
        final BookRule other = traits[channel].book();
        if (other != null && other.spec().isOfOrders() != book.spec().isOfOrders()) {
            section.section("book").problem("orders", "are in some rules of channel " + spec.name()
                + " only: a book has either levels or orders");
        }
        traits[channel] = traits[channel].with(book);
        return book;
    }

    private int channel(final ConfigSection section) {
        final String name = section.text(CHANNEL, channels.isEmpty() ? "" : channels.get(0).name());
        for (int i = 0; i < channels.size(); i++) {
            if (channels.get(i).name().equals(name)) {
                return i;
            }
        }
        section.problem(CHANNEL, "must be one of the channels " + ChannelReader.names(channels) + ", got " + name);
        return 0;
    }

    private static Expression[] keys(final ConfigSection section, final PointerBindings bindings) {
        final boolean isList = section.written(KEY) instanceof ConfigList;
        final List<String> sources = isList ? section.texts(KEY) : List.of(section.requiredText(KEY));
        if (isList && sources.isEmpty()) {
            section.problem(KEY, "must name the place of the symbol, like $/data/s");
        }
        return sources.stream().map(source -> bindings.expression(section, KEY, source)).filter(e -> e != null)
            .toArray(Expression[]::new);
    }

    /** The fields to publish, null if the venue's value is published. */
    private EmitRule fields(final ConfigSection section, final PointerBindings bindings, final ChannelSpec channel) {
        if (!(section.written(EMIT) instanceof ConfigObject)) {
            return null;
        }
        if (channel.conflation() == ConflationClass.ORDER_BOOK) {
            section.problem(EMIT, "must not choose fields: channel " + channel.name()
                + " is order-book, and publishes the levels that book names");
        }
        final boolean isNormalised = values == VenueSettings.Values.NORMALISED;
        final EmitRule rule = EmitReader.read(section, isNormalised ? bindings : bindings.forChecksOnly(),
            channel.name(), channel.conflation() == ConflationClass.MERGE);
        return isNormalised ? rule : null;
    }

    /** The venue's value; the default is the element, or the frame if there is no element. */
    private static Expression emit(final ConfigSection section, final PointerBindings bindings) {
        final boolean hasFields = section.written(EMIT) instanceof ConfigObject;
        final String key = hasFields ? "emit-venue" : "emit";
        if (!hasFields && section.has(EMIT_VENUE)) {
            section.problem(EMIT_VENUE, "stands beside emit { … } only; write the place to emit itself");
        }
        final String emit = section.text(key, bindings.hasElement() ? "element" : "frame");
        try {
            return Expression.compilePointer(emit.equals("frame") ? "$" : emit.equals("element") ? "@" : emit,
                bindings);
        } catch (final IllegalArgumentException e) {
            section.problem(key, e.getMessage() + "; or " + key + " = frame");
            return null;
        }
    }
}
