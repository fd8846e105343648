package penstock.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds the messages of every test to the schema. */
class SchemaWatchTest {
    @ParameterizedTest
    @ValueSource(strings = {"{'type':'gap','sub':'0','p':1,'missed':2,'since':3}", "{'type':'gap','sub':'0','p':'1','missed':2}",
        "{'type':'gap','sub':'0','p':1}", "{'type':'update','sub':'0','ts':1,'p':2,'data':[{'s':'A','q':1,'v':1},{'s':'A','q':2,'v':1,'d':0}]}",
        "{'epoch':1,'p':2,'data':[{'s':'A','q':1}]}"})
    void shouldRefuseAMessageThatTheSchemaDoesNotFit(final String message) {
        assertThatThrownBy(() -> SchemaWatch.check(json(message))).isInstanceOf(AssertionError.class)
            .hasMessageContaining(ProtocolSchema.FILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type':'gap','sub':'0','p':0,'missed':2}", "{'type':'snapshot','product_id':'BTC-USD'}",
        "{'type':'heartbeat','sequence':90}", "ping", "{'bid':1.10}", ""})
    void shouldAcceptMessagesThatFitAndThoseOfVenues(final String message) {
        assertThatCode(() -> SchemaWatch.check(json(message))).doesNotThrowAnyException();
    }

    @Test
    void shouldKnowAShapeWhateverTheValuesAre() {
        final long one = shape("{'type':'update','sub':'0','ts':1,'p':2,'data':[{'s':'A','q':1,'v':{'a':[1,'x']}}]}");
        assertThat(shape("{'type':'update','sub':'1','ts':7,'p':-9.5,'data':[{'s':'\\'','q':2,'v':null},{'s':'B','q':1,'v':[]}]}"))
            .isEqualTo(one);
        assertThat(shape("{'type':'update','sub':'0','ts':1,'p':2,'data':[{'s':'A','q':1,'c':1,'v':1}]}")).isNotEqualTo(one);
        assertThat(shape("{'type':'update','sub':'0','ts':1,'p':2,'data':[{'s':'A','q':1,'v':1},{'s':'A','q':'1','v':1}]}"))
            .isNotEqualTo(one);
        assertThat(shape("{'type':'update','sub':'0','ts':1,'p':2,'data':[{'s':'A','q':true,'v':1}]}")).isNotEqualTo(one);
        assertThat(shape("{'type':'gap','sub':'0','ts':1,'p':2,'data':[{'s':'A','q':1,'v':1}]}")).isNotEqualTo(one);
    }

    private static long shape(final String message) {
        return MessageShape.of(json(message));
    }

    private static String json(final String message) {
        return message.replace('\'', '"');
    }
}
