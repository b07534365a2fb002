import { awsId } from './digest.mjs';

const ANSWERS = {
  'aws:ec2/getAmi:getAmi': (given) => ({
    ...given,
    id: awsId('ami', JSON.stringify(given)),
    architecture: 'x86_64',
    name: 'canned',
    rootDeviceName: '/dev/xvda',
  }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': (given, region) => ({
    ...given,
    id: region,
    names: ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
    zoneIds: ['az1', 'az2', 'az3'],
  }),
};

/** What a lookup answers; there is no cloud to ask, so a lookup that is not listed is an error. */
export function answerOf(token, given, region) {
  const answer = ANSWERS[token];
  if (answer === undefined) throw new Error(`the test provider has no answer to ${token}`);
  return answer(given, region);
}
