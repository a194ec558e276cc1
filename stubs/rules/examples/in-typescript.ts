// Where data are not enough: conditions and answers that are functions of the decoded exchange. Copy it up into stubs/rules/.
import { defineRules } from 'spine-cis-simulator/rules';

export default defineRules([
  {
    name: 'every-answer-is-counted',
    description: 'GAS answers with a number that rises, and after three of them as always.',
    when: { service: 'gas', path: '/login/authactivate', matches: () => count < 3 },
    do: { respond: () => ({ status: 503, headers: { 'Retry-After': String(++count) }, body: `busy for the ${count}. time\n` }) },
  },
  {
    name: 'the-young-are-refused',
    description: 'PDS knows no patient who was born in this century: the error is the own one of the service.',
    when: { service: 'messaging', interaction: 'QUPA_IN000008UK02' },
    do: {
      respond: async (exchange) => {
        const patient = await exchange.patient();
        return patient?.dateOfBirth?.startsWith('20') ? { error: 'noRecord' } : undefined;
      },
    },
  },
]);

let count = 0;
