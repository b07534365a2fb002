import { describe, expect, test } from '@jest/globals';
import { keyOfToken, tokenOf } from '../../src/plan/token.js';

describe('the type of a resource', () => {
  test.each([
    ['aws:ec2/instance:Instance', 'aws:ec2:Instance', undefined],
    ['aws:ec2:Instance', 'aws:ec2:Instance', undefined],
    ['aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule', 'aws:vpc:SecurityGroupIngressRule', undefined],
    ['aws:elasticloadbalancingv2/listener:Listener', 'aws:lb:Listener', undefined],
    ['aws-native:ec2:SecurityGroup', 'aws-native:ec2:SecurityGroup', undefined],
    ['azure-native:network:NetworkSecurityGroup', 'azure-native:network:NetworkSecurityGroup', undefined],
    ['azure-native:network/v20240501:NetworkSecurityGroup', 'azure-native:network:NetworkSecurityGroup', 'v20240501'],
    [
      'azure-native_network_v20240501:network/v20240501:NetworkSecurityGroup',
      'azure-native:network:NetworkSecurityGroup',
      'v20240501',
    ],
    ['azure-nextgen:network/v20200701preview:Subnet', 'azure-native:network:Subnet', 'v20200701preview'],
    ['gcp:compute/firewall:Firewall', 'gcp:compute:Firewall', undefined],
    ['pulumi:providers:aws', 'pulumi:providers:aws', undefined],
  ])('%s', (type, key, apiVersion) => {
    const token = tokenOf(type);
    expect([token && keyOfToken(token), token?.apiVersion]).toEqual([key, apiVersion]);
  });

  test.each(['', 'aws', 'aws:ec2', 'aws::Instance', ':ec2:Instance', 'aws:ec2:Instance:more'])(
    'is none: %j',
    (type) => {
      expect(tokenOf(type)).toBeUndefined();
    },
  );
});
