package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.client.value.MessageEntry;
import penstock.docs.Pages;

/** What rows alone can say or get wrong: each of these can be played once. Stateless. */
final class RowSituations {
    private static final String WELCOME = "{'type':'welcome','epoch':7,'heartbeat':5000,'limits':{'minInterval':0,"
        + "'maxInterval':60000},'feed':{'name':'demo','state':'live','channels':[{'name':'quote','class':'last-value',"
        + "'default':true}]}}";
    private static final String IMAGE = "{'type':'snapshot','sub':'s1','ts':1795231181329000,'epoch':7,"
        + "'replaces':'all','p':1,'last':true,'data':[{'s':'EURUSD','q':1,'v':{'bid':1.10384,'ask':1.10386}}]}";
    private static final String ANNOUNCED =
        "{'type':'rows','sub':'s1','columns':['ask','bid'],'topics':[[0,'EURUSD',1]]}";

    private RowSituations() {
    }

    /** Each by its name. */
    static Map<String, Runnable> all() throws IOException {
        final Map<String, Runnable> all = new LinkedHashMap<>();
        final List<String> rows = blocks().get(0).lines().toList();
        final List<String> json = blocks().get(1).lines().toList();
        all.put("rows are asked for first, and JSON is taken from a relay without them", () -> assertThat(
            new Session().world.socket().subprotocols).containsExactly("penstock.v1.rows", "penstock.v1.json"));
        all.put("rows and JSON of the page of the protocol are the same", () -> playPage(rows, json));
        all.put("a sum that does not add up breaks the ledger",
            () -> playBroken(ANNOUNCED, "['s1',1795231181330000,3,3,[0,1,1700,1,1.10387]]"));
        all.put("rows of a topic that nothing announced break it",
            () -> playBroken("['s1',1795231181330000,3,2,[0,1,1700,1,1.10387]]"));
        all.put("a topic announced with another sequence than that of its image breaks it",
            () -> playBroken(ANNOUNCED.replace(",1]", ",2]"), "['s1',1795231181330000,3,3,[0,1,1700,1,1.10387]]"));
        all.put("a topic that is announced again counts from there", RowSituations::playAgain);
        all.put("a number that is announced for another topic is that one's", RowSituations::playOtherTopic);
        all.put("what was announced counts on its connection alone", RowSituations::playNextConnection);
        all.put("values of all kinds, with blanks, are what they are in JSON", RowSituations::playKinds);
        all.put("an entry has the value as JSON", RowSituations::playEntries);
        all.put("rows that cannot be read end the connection", RowSituations::playDamaged);
        return all;
    }

    /** The rows and the JSON of the page. */
    private static List<String> blocks() throws IOException {
        final List<String> blocks = new ArrayList<>();
        final String section = Pages.section(Pages.text("relay/docs/reference/protocol.md"), "## Rows");
        for (final String part : section.split("```json\n")) {
            blocks.add(part.replaceFirst("(?s)\n```.*", "").replace("\"grid\"", "\"s1\""));
        }
        return blocks.subList(1, blocks.size());
    }

    /** A client with the image that the messages follow; what it receives is of its only subscription. */
    private static final class Session {
        final HandTurnedWorld world = new HandTurnedWorld();
        final HeardEvents heard = new HeardEvents();
        final List<String> entries = new ArrayList<>();
        final PenstockClient client = PenstockClient.connect("ws://relay", ClientOptions.on(Runnable::run)
            .transport(world).platform(world).listener(heard));
        final PriceGrid grid = client.open(GridTerms.of("EURUSD", "A\"").channel("quote"), null, new EventListener() {
            @Override
            public void onEvent(final TopicView event) {
                entries.add("an event of a grid that has none");
            }

            @Override
            public void onEntry(final MessageEntry entry, final TopicView topic) {
                final StringBuilder value = new StringBuilder(entry.symbol() + ' ' + entry.q() + ' ');
                entry.appendValue(value);
                entries.add(value.toString());
            }
        });

        Session() {
            world.accept();
            receive(WELCOME, "{'type':'ack','id':1,'op':'subscribe','sub':'s1','replaces':'all','resumed':false}",
                IMAGE);
            world.socket().sent.clear();
        }

        void receive(final String... texts) {
            for (final String text : texts) {
                world.receive(text.replace('\'', '"'));
            }
        }

        /** All that a user sees of the topic. */
        String shown() {
            final List<String> seen = new ArrayList<>();
            client.execute(() -> {
                final TopicView view = grid.get("EURUSD");
                final List<String> fields = new ArrayList<>();
                for (int i = 0; i < view.fieldCount(); i++) {
                    fields.add(view.fieldName(i) + '=' + view.text(view.fieldName(i)));
                }
                fields.sort(null);
                seen.add(view.q() + " " + view.c() + " " + view.timeUs() + " " + view.ageMs() + " " + view.state() + " "
                    + (fields.isEmpty() ? view.json() : fields));
            });
            return seen.get(0);
        }

        void end() {
            assertThat(heard.broken).isEmpty();
            assertThat(heard.errors).isEmpty();
            client.close();
        }
    }

    private static void playPage(final List<String> rows, final List<String> json) {
        final Session one = new Session();
        final Session other = new Session();
        int compared = 0;
        for (final String text : rows) {
            one.receive(text);
            if (text.startsWith("[")) {
                other.receive(json.get(compared));
                compared++;
                assertThat(one.shown()).as(text).isEqualTo(other.shown());
            }
        }
        assertThat(compared).isEqualTo(json.size());
        assertThat(one.shown()).startsWith("9 0 1795231181335000 ").endsWith("LIVE 1.1");
        one.end();
        other.end();
    }

    private static void playBroken(final String... texts) {
        final Session session = new Session();
        session.receive(texts);
        assertThat(session.heard.broken).hasSize(1);
        assertThat(session.shown()).startsWith("1 0 ").contains("STALE");
        assertThat(session.world.socket().sent).hasSize(2);
        assertThat(session.world.socket().sent.get(0)).contains("unsubscribe");
        assertThat(session.world.socket().sent.get(1)).contains("subscribe").doesNotContain("resume");
        session.client.close();
    }

    private static void playAgain() {
        final Session session = new Session();
        session.receive(ANNOUNCED, "['s1',1795231181330000,3,2,[0,1,1700,1,1.10387]]",
            IMAGE.replace("'q':1", "'q':3").replace("'all'", "'one'").replace("'p':1", "'p':4"),
            "{'type':'rows','sub':'s1','topics':[[0,'EURUSD',3]]}", "['s1',1795231181330000,6,5,[0,2,null,1,1.3]]");
        assertThat(session.shown()).startsWith("5 1 0 ").contains("ask=1.3", "bid=1.10384");
        session.end();
    }

    private static void playOtherTopic() {
        final Session session = new Session();
        session.receive(ANNOUNCED, "{'type':'rows','sub':'s1','topics':[[16,'EURUSD',1],[0,'A\\\"',0]]}",
            "['s1',1795231181330000,3,3,[0,1,null,1,7],[16,1,null,2,8]]");
        assertThat(session.shown()).startsWith("2 0 0 ").contains("ask=1.10386", "bid=8");
        session.client.execute(() -> assertThat(session.grid.get("A\"").text("ask")).isEqualTo("7"));
        session.end();
    }

    private static void playNextConnection() {
        final Session session = new Session();
        session.receive(ANNOUNCED, "['s1',1795231181330000,3,2,[0,1,1700,1,1.3]]");
        session.world.close(1006, "");
        session.world.pass(250);
        session.world.accept();
        session.receive(WELCOME, "{'type':'ack','id':2,'op':'subscribe','sub':'s2','resumed':true,'replaces':'all'}",
            "{'type':'snapshot','sub':'s2','ts':1,'epoch':7,'replaces':'all','p':3,'resumed':true,'last':true,'data':[]}");
        assertThat(session.shown()).startsWith("2 0 ").contains("LIVE");
        session.receive("['s2',1795231181330000,4,3,[0,1,1700,1,1.4]]");
        assertThat(session.heard.broken).hasSize(1);
        session.client.close();
    }

    private static void playKinds() {
        final List<String> values = List.of("1.10", "\"a\\\"[b\"", "null", "true", "[ ]", "[ 1.0 , [2,\"x,]\"] ]",
            "{ \"a\" : [1.50, {\"b\\\"}\":\"]\"}] }", "-1e5");
        final Session session = new Session();
        final List<String> columns = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            columns.add("'f" + i + "'");
        }
        session.receive("{'type':'rows','sub':'s1','columns':" + columns + ",'topics':[[7,'EURUSD',1]]}");
        session.world.receive("[\"s1\",1795231181330000,6,2,[7,1,null,255, " + String.join(", ", values) + "]]");
        session.client.execute(() -> {
            final TopicView view = session.grid.get("EURUSD");
            assertThat(view.json()).endsWith(",\"f2\":null,\"f3\":true,\"f4\":[ ],\"f5\":" + values.get(5) + ",\"f6\":"
                + values.get(6) + ",\"f7\":-1e5}");
            assertThat(view.text("f1")).isEqualTo("a\"[b");
            assertThat(view.mantissa("f0")).isEqualTo(110);
            assertThat(view.scale("f0")).isEqualTo(2);
        });
        session.end();
    }

    private static void playEntries() {
        final Session session = new Session();
        session.receive(ANNOUNCED, "['s1',1795231181330000,3,2,[0,1,1700,3,1.10, 2]]",
            "['s1',1795231181330000,4,3,[0,1,null,'closed',0]]", "['s1',1795231181330000,5,4,[0,1,null,{'v':[ 1 ]}]]",
            "['s1',1795231181330000,6,5,[0,1,null,{'v':{'x':1},'removed':['y']}]]");
        assertThat(session.entries).containsExactly("EURUSD 1 {\"bid\":1.10384,\"ask\":1.10386}",
            "EURUSD 2 {\"ask\":1.10,\"bid\":2}", "EURUSD 3 {}", "EURUSD 4 [ 1 ]", "EURUSD 5 {\"x\":1}");
        session.end();
    }

    private static void playDamaged() {
        for (final String damaged : List.of("['s1',1795231181330000,3,2,[0,1,1700,1,1.10387]", "[]", "['s1',1]",
                "[7,1]", "['s1',1795231181330000,3,2,[0,1,1700,1]]", "['s1',1795231181330000,3,2,[0,1,1700,4,1.1]]",
                "['s1',1795231181330000,3,2,[0,1,1700,1,1.1]],", "['s1',1795231181330000,3,2,[0,0,1700,1,1.1]]",
                "['s1',1795231181330000,3,2,[0,1,1700,{}]]")) {
            final Session session = new Session();
            session.receive(ANNOUNCED, damaged);
            assertThat(session.heard.errors).as(damaged).hasSize(1).first().asString().contains("bad_message");
            assertThat(session.heard.broken).isEmpty();
            assertThat(session.world.socket().isClosed).isTrue();
            session.client.close();
        }
    }
}
